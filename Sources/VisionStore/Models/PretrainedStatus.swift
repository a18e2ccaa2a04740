/// What the store holds of a model.
public struct PretrainedStatus: Sendable, Hashable {
  /// Whether the model can be used at once.
  public enum State: String, Sendable, Hashable {
    /// The file is there and is the one that was written.
    case cached
    /// There is no file.
    case absent
    /// There is a file, but it is not the one that was written.
    case damaged
  }

  public let model: PretrainedModel
  public let state: State
  /// Where the file is, or will be.
  public let path: String
  /// Bytes of the file; 0 when there is none.
  public let byteCount: Int
}
