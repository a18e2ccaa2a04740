import VisionCompute
import VisionGraph
import VisionInference
import VisionModel
import VisionSystem

/// The sessions of a program, of which each serves one thread at a time.
final class StagedSessions: Sendable {
  // Checked by hand: a session belongs to the call that made it or took it out of the list.
  private struct Idle: @unchecked Sendable {
    var sessions: [ProgramSession] = []
  }

  let program: Program
  private let executor: Executor
  private let idle = Locked(Idle())

  init(_ program: Program, _ executor: Executor) { (self.program, self.executor) = (program, executor) }

  func run(_ inputs: [String: ProgramValue]) throws(GraphError) -> [String: ProgramValue] {
    // Nobody else has what was taken out.
    let kept = idle.withLock { Idle(sessions: $0.sessions.popLast().map { [$0] } ?? []) }
    let session = kept.sessions.first ?? ProgramSession(program, on: executor)
    let results = try session.run(inputs)
    // The session is used by nobody else from here on: this call took it out, and the next one that takes it has the lock between them.
    nonisolated(unsafe) let done = session
    idle.withLock { $0.sessions.append(done) }
    return results
  }
}
