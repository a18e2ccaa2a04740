public import VisionSystem
import VisionTensor

/// What happens while a network is trained, as it happens. For one loop to go through; of several, each event reaches one.
///
/// Cancelling the task that waits, or giving the sequence up, ends training after a checkpoint; a cancelled loop still
/// gets the events until then. ``Trainer/stop()`` waits for that end. Training waits for nobody: when more than a thousand events have not been taken, further
/// steps are left out; all other events come.
public struct TrainingEvents: AsyncSequence, Sendable {
  public typealias Element = TrainingEvent
  public typealias Failure = TrainingError

  /// What is given a function that takes events, and trains.
  typealias Body = @Sendable (_ report: (TrainingEvent) -> Void) throws(TrainingError) -> Void

  private let session: Session

  /// Starts `body` on a thread of its own.
  ///
  /// - Parameter flag: tells it to end.
  init(_ flag: StopFlag, _ body: @escaping Body) {
    let channel = Channel(flag)
    session = Session(channel)
    OwnThread.detach {
      do throws(TrainingError) {
        try body { channel.send($0) }
        channel.finish(nil)
      } catch { channel.finish(error) }
    }
  }

  public func makeAsyncIterator() -> Iterator { Iterator(session: session) }

  public struct Iterator: AsyncIteratorProtocol {
    fileprivate let session: Session

    public mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws(TrainingError)
      -> TrainingEvent?
    {
      let channel = session.channel
      return try await withTaskCancellationHandler {
        await channel.receive()
      } onCancel: {
        channel.cancel()
      }.get()
    }
  }

  /// Ends training when nobody listens any more.
  fileprivate final class Session: Sendable {
    let channel: Channel
    init(_ channel: Channel) { self.channel = channel }
    deinit { channel.cancel() }
  }

  /// Events on the way from the thread that trains to the task that waits for them.
  fileprivate final class Channel: Sendable {
    typealias Message = Result<TrainingEvent?, TrainingError>

    private struct State {
      var events: [TrainingEvent] = []
      /// The position of the next event; what lies before has been taken.
      var next = 0
      var ending: Message?
      /// Those who wait for an event, in the order in which they came.
      var waiting: [CheckedContinuation<Message, Never>] = []
    }
    private let state = Locked(State())
    private let flag: StopFlag
    private static let mostWaiting = 1000

    init(_ flag: StopFlag) { self.flag = flag }

    func cancel() { flag.set() }

    func send(_ event: TrainingEvent) {
      let waiting = state.withLock { (state) -> CheckedContinuation<Message, Never>? in
        guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
        if case .step = event, state.events.count - state.next > Self.mostWaiting { return nil }
        state.events.append(event)
        return nil
      }
      waiting?.resume(returning: .success(event))
    }

    func finish(_ error: TrainingError?) {
      let message: Message = error.map { .failure($0) } ?? .success(nil)
      let waiting = state.withLock { state in
        // An error is told once, to one who waits or to the next one to come.
        state.ending = state.waiting.isEmpty ? message : .success(nil)
        defer { state.waiting = [] }
        return state.waiting
      }
      for (index, continuation) in waiting.enumerated() {
        continuation.resume(returning: index == 0 ? message : .success(nil))
      }
    }

    func receive() async -> Message {
      await withCheckedContinuation { continuation in
        let message: Message? = state.withLock { state in
          if state.next < state.events.count {
            defer {
              state.next += 1
              if state.next == state.events.count { (state.events, state.next) = ([], 0) }
            }
            return .success(state.events[state.next])
          }
          if let ending = state.ending {
            state.ending = .success(nil)
            return ending
          }
          state.waiting.append(continuation)
          return nil
        }
        if let message { continuation.resume(returning: message) }
      }
    }
  }
}
