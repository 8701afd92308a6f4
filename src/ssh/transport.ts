/** What one run on a node gave back. `code` is the script's exit status; bytes are as they came. */
export interface Output {
  readonly stdout: Buffer
  readonly stderr: string
  readonly code: number
}

export interface RunLimits {
  /** The whole run, connection included. */
  readonly timeoutMs: number
  /** Standard output and error together; more is an error, never a cut answer. */
  readonly maxBytes: number
  /** True opens a connection of its own: a proof that the node can be reached anew. */
  readonly fresh?: boolean
}

/**
 * Reaches nodes by the names of the configuration. `run` feeds the script to one `sh` on the node through standard input
 * (as root, or through `sudo -n`) and answers when it has ended; a connection that dies on the way is an `OperatorError`.
 */
export interface Transport {
  run(node: string, script: string, limits: RunLimits): Promise<Output>
  close(): Promise<void>
}

/** Follows what happens on nodes, over the connections of a `Transport`. */
export interface Follower {
  /**
   * Feeds the script to one `sh` on the node, whose standard input stays open, and hands over each line it prints. Resolves when
   * `stop` is aborted or the script has ended; rejects with an `OperatorError` when the connection is refused or lost.
   */
  follow(node: string, script: string, heard: (line: string) => void, stop: AbortSignal): Promise<void>
}
