/// How far a pull has come.
public enum PullProgress: Sendable, Hashable {
  /// Another process pulls the same; this one waits for it.
  case waiting
  /// Bytes that have arrived so far, of about as many.
  case downloading(bytes: Int, of: Int)
  /// The files are taken out of the package and compared with their checksums.
  case checking
  /// The weights are put into the network and written as ONNX.
  case converting
  /// Images of a dataset that are written so far, of as many.
  case writing(images: Int, of: Int)
  /// The file is in the cache, or the folder in its place.
  case finished

  /// One line for people, such as `downloading 3.1 of 17.4 MB`.
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
