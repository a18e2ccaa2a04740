/// Decides when to stop before all epochs are done.
///
/// A rule remembers numbers only in `state`, which checkpoints keep, so that a resumed run stops at the same
/// epoch as an uninterrupted one.
public protocol StoppingRule: Sendable {
  var state: [String: Double] { get set }
  /// Whether to stop after `epoch`; called once per epoch.
  mutating func shouldStop(after epoch: EpochReport) -> Bool
}

/// Stops after a number of consecutive epochs without a new best one.
public struct Patience: StoppingRule, Hashable {
  /// How many epochs to wait for a better one, at least 1.
  public var epochs: Int
  public var state: [String: Double] = [:]

  public init(_ epochs: Int) { self.epochs = epochs }

  /// Without validation samples no epoch is judged, and it never stops.
  public mutating func shouldStop(after epoch: EpochReport) -> Bool {
    guard !epoch.validation.isEmpty else { return false }
    let waited = epoch.isBest ? 0 : (state["waited"] ?? 0) + 1
    state["waited"] = waited
    return waited >= Double(max(epochs, 1))
  }
}
