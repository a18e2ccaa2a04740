public import VisionSystem
import VisionTensor

/// The events of training, as they happen. Meant for a single loop: with several loops, each event reaches
/// only one.
///
/// Cancelling the waiting task, or releasing the sequence, ends training after a checkpoint; a cancelled loop
/// still receives the events until then. ``Trainer/stop()`` waits for that end. Training never waits for a
/// reader: while more than a thousand events are unread, further steps are dropped, but no other events.
public struct TrainingEvents: AsyncSequence, Sendable {
  public typealias Element = TrainingEvent
  public typealias Failure = TrainingError

  /// A function that trains and passes its events to `report`.
  typealias Body = @Sendable (_ report: (TrainingEvent) -> Void) throws(TrainingError) -> Void

  private let session: Session

  /// Starts `body` on a new thread.
  ///
  /// - Parameter flag: set to end training.
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

  /// Ends training when the sequence and its iterators are released.
  fileprivate final class Session: Sendable {
    let channel: Channel
    init(_ channel: Channel) { self.channel = channel }
    deinit { channel.cancel() }
  }

  /// A queue of events from the training thread to the waiting tasks.
  fileprivate final class Channel: Sendable {
    typealias Message = Result<TrainingEvent?, TrainingError>

    private struct State {
      var events: [TrainingEvent] = []
      /// The position of the next event; earlier ones have been taken.
      var next = 0
      var ending: Message?
      /// The tasks that wait for an event, in order of arrival.
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
        // An error is delivered once: to the first waiting task, or else to the next one.
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
