public import VisionSystem
public import VisionGraph

/// A custom receiver of training events, which may end training.
public protocol TrainingCallback: Sendable {
  /// Called on the training thread, in the order of the callbacks, before the event is reported.
  ///
  /// - Throws: `TrainingError`, which ends training at once; the last checkpoint stays as it is.
  func received(_ event: TrainingEvent, _ control: TrainingControl) throws(TrainingError)
}

/// The means of a callback to inspect and end training.
public final class TrainingControl {
  private let current: () -> Parameters
  private(set) var isStopped = false

  init(_ current: @escaping () -> Parameters) { self.current = current }

  /// Ends training after the reported step or epoch.
  public func stop() { isStopped = true }

  /// The weights and statistics as they are now.
  public var parameters: Parameters { current() }
}
