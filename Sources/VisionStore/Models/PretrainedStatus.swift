/// The state of a model in the store.
public struct PretrainedStatus: Sendable, Hashable {
  /// Whether the model is available.
  public enum State: String, Sendable, Hashable {
    /// The file exists and is unchanged.
    case cached
    /// The file does not exist.
    case absent
    /// The file exists but has changed.
    case damaged
  }

  public let model: PretrainedModel
  public let state: State
  /// The path of the file, whether or not it exists.
  public let path: String
  /// The size of the file in bytes; 0 when it does not exist.
  public let byteCount: Int
}
