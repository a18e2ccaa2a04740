import VisionTensor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What happens while a network is trained, as it happens. For one loop to go through.
///
/// Cancelling the task that waits, or giving the sequence up, ends training after a checkpoint; a cancelled loop still
/// gets the events until then. Training waits for nobody: when more than a thousand events have not been taken, further
/// steps are left out; all other events come.
public struct TrainingEvents: AsyncSequence, Sendable {
  public typealias Element = TrainingEvent
  public typealias Failure = TrainingError

  /// What training is given: asks whether to end, and takes events.
  typealias Body =
    @Sendable (_ isCancelled: () -> Bool, _ report: (TrainingEvent) -> Void) throws(TrainingError) -> Void

  private let session: Session

  /// Starts `body` on a thread of its own.
  init(_ body: @escaping Body) {
    let channel = Channel()
    session = Session(channel)
    Self.detach {
      do throws(TrainingError) {
        try body({ channel.isCancelled }, { channel.send($0) })
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
      var waiting: CheckedContinuation<Message, Never>?
      var isCancelled = false
    }
    private let state = Locked(State())
    private static let mostWaiting = 1000

    var isCancelled: Bool { state.withLock { $0.isCancelled } }
    func cancel() { state.withLock { $0.isCancelled = true } }

    func send(_ event: TrainingEvent) {
      let waiting = state.withLock { (state) -> CheckedContinuation<Message, Never>? in
        if state.waiting == nil {
          if case .step = event, state.events.count - state.next > Self.mostWaiting { return nil }
          state.events.append(event)
        }
        defer { state.waiting = nil }
        return state.waiting
      }
      waiting?.resume(returning: .success(event))
    }

    func finish(_ error: TrainingError?) {
      let message: Message = error.map { .failure($0) } ?? .success(nil)
      let waiting = state.withLock { state in
        // An error is told once, to the one who waits or to the next one to come.
        state.ending = state.waiting == nil ? message : .success(nil)
        defer { state.waiting = nil }
        return state.waiting
      }
      waiting?.resume(returning: message)
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
          state.waiting = continuation
          return nil
        }
        if let message { continuation.resume(returning: message) }
      }
    }
  }

  /// Runs `body` on a new thread, which does not take one from those that tasks run on.
  private static func detach(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
      let body: @Sendable () -> Void
      init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, 8 << 20)
    defer { pthread_attr_destroy(&attributes) }
    let box = Unmanaged.passRetained(Box(body))
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = pthread_create(
        &thread, &attributes,
        { pointer in
          Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().body()
          return nil
        }, box.toOpaque())
    #else
      var thread = pthread_t()
      let status = pthread_create(
        &thread, &attributes,
        { pointer in
          if let pointer { Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().body() }
          return nil
        }, box.toOpaque())
    #endif
    // A system that has no thread left still trains.
    if status != 0 { Task.detached { box.takeRetainedValue().body() } }
  }
}
