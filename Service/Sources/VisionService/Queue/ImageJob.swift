import NIOConcurrencyHelpers
import NIOCore
import VisionServing

/// An image that waits for its answer.
final class ImageJob: Sendable {
  private enum State {
    case waiting(CheckedContinuation<ServedAnswer, any Error>?)
    case answered(Result<ServedAnswer, any Error>)
    case done
  }

  let model: ServedModel
  let image: ServedImage
  let question: ServedQuestion
  /// When it was admitted, and when it is too late to begin with it.
  let admitted: NIODeadline
  let deadline: NIODeadline
  /// Whether the client is still there.
  private let isWanted: @Sendable () -> Bool
  private let state = NIOLockedValueBox(State.waiting(nil))

  init(
    _ model: ServedModel, _ image: ServedImage, _ question: ServedQuestion, seconds: Double,
    isWanted: @escaping @Sendable () -> Bool
  ) {
    (self.model, self.image, self.question, self.isWanted) = (model, image, question, isWanted)
    admitted = .now()
    deadline = admitted + .nanoseconds(Int64(min(max(seconds, 0), 1e6) * 1e9))
  }

  /// Whether both can be answered in one run.
  func fits(_ other: ImageJob) -> Bool { model === other.model && question == other.question }

  /// Whether nobody waits for the answer any more.
  var isOver: Bool {
    if !isWanted() { finish(.failure(CancellationError())) }
    return state.withLockedValue { if case .waiting = $0 { false } else { true } }
  }

  /// The answer.
  ///
  /// - Throws: `CancellationError` where the client is gone, and what `fail` was given.
  func answer() async throws -> ServedAnswer {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let early: Result<ServedAnswer, any Error>? = state.withLockedValue { state in
          switch state {
          case .waiting:
            state = .waiting(continuation)
            return nil
          case .answered(let result):
            state = .done
            return result
          case .done: return .failure(CancellationError())
          }
        }
        if let early { continuation.resume(with: early) }
      }
    } onCancel: {
      finish(.failure(CancellationError()))
    }
  }

  /// Gives the answer; only the first one counts.
  func finish(_ result: Result<ServedAnswer, any Error>) {
    let waiting: CheckedContinuation<ServedAnswer, any Error>? = state.withLockedValue { state in
      guard case .waiting(let continuation) = state else { return nil }
      state = continuation == nil ? .answered(result) : .done
      return continuation
    }
    waiting?.resume(with: result)
  }
}
