import { createMemoryStore } from '../../src/store/memory-store.ts'
import { Note, recordStoreContract } from './record-store.contract.ts'

recordStoreContract('the memory store', async () => createMemoryStore(Note))
