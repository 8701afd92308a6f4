import { baseImage } from './image.ts'

/** Builds what every node stands on before the first journey asks for it: the journeys run beside each other. */
export const setup = async (): Promise<void> => {
  await baseImage(console.log)
}
