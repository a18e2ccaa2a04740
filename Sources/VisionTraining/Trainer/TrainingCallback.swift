public import VisionSystem
public import VisionGraph

/// Something of one's own that is told what happens, and may end it.
public protocol TrainingCallback: Sendable {
  /// Called on the thread that trains, in the order of the callbacks, before the event is reported.
  ///
  /// - Throws: `TrainingError`, which ends training at once; the last checkpoint stays.
  func received(_ event: TrainingEvent, _ control: TrainingControl) throws(TrainingError)
}

/// What a callback can do.
public final class TrainingControl {
  private let current: () -> Parameters
  private(set) var isStopped = false

  init(_ current: @escaping () -> Parameters) { self.current = current }

  /// Ends training after the step or epoch that is reported.
  public func stop() { isStopped = true }

  /// The weights and statistics as they are now.
  public var parameters: Parameters { current() }
}
