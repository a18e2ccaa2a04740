/// Says when to stop before all epochs are done.
///
/// What it remembers lies in `state`, which checkpoints keep, so that a resumed run stops where an undisturbed one does.
public protocol StoppingRule: Sendable {
  var state: [String: Double] { get set }
  /// Whether to stop after this epoch; called once for each.
  mutating func shouldStop(after epoch: EpochReport) -> Bool
}

/// Stops when a number of epochs in a row was not better than the best one before.
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
