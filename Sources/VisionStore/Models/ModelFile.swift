import VisionImage
import VisionSystem

/// The cached file of a model, and the receipt that shows whether it is unchanged.
struct ModelFile {
  let path: String
  private let receiptPath: String

  /// The version of `CheckpointConversion`; incremented when the same entry produces a different file.
  private static let recipe = 1

  init(_ model: PretrainedModel, in directory: String) {
    path = "\(directory)/\(model.name)-\(model.version)-\(Self.fingerprint(model)).onnx"
    receiptPath = "\(path).receipt"
  }

  /// Eight digits that change with everything that determines the contents of the file.
  private static func fingerprint(_ model: PretrainedModel) -> String {
    let parts =
      [
        "\(recipe)", model.package, model.version, model.file, model.sha256, model.architecture ?? model.task,
        model.preprocessing?.json ?? "", model.license,
      ] + model.labels.names
    return String(ContentHash(of: Array(parts.joined(separator: "\n").utf8)).hexadecimal.prefix(8))
  }

  /// Whether a name in the cache folder is that of a file of the model, in any version.
  static func isFile(_ file: String, of name: String) -> Bool {
    guard file.hasPrefix("\(name)-") else { return false }
    let stem: Substring
    if file.hasSuffix(".onnx") {
      stem = file.dropLast(5)
    } else if file.hasSuffix(".onnx.receipt") {
      stem = file.dropLast(13)
    } else {
      return false
    }
    // Versions contain no hyphen, so model `a-1` is not mistaken for version 1 of `a`.
    let parts = stem.dropFirst(name.count + 1).split(separator: "-", omittingEmptySubsequences: false)
    return parts.count == 2 && !parts[0].isEmpty && parts[1].utf8.count == 8
      && parts[1].utf8.allSatisfy(PretrainedModel.isLowerHexadecimal)
  }

  /// The state of the file, and its length.
  ///
  /// The checksum is computed if `thoroughly`, or if the file's stamp has changed since it was last computed:
  /// every write, truncation or replacement changes the file's status time, which no program can set.
  func check(thoroughly: Bool = false) -> (state: PretrainedStatus.State, byteCount: Int) {
    guard let stamp = FileStamp(path) else { return (.absent, 0) }
    guard let receipt = Receipt(contentsOf: receiptPath), receipt.byteCount == stamp.byteCount else {
      return (.damaged, stamp.byteCount)
    }
    if !thoroughly, receipt.stamp == stamp { return (.cached, stamp.byteCount) }
    guard let digest = try? ContentHash(ofFile: path).hexadecimal, digest == receipt.sha256 else {
      return (.damaged, stamp.byteCount)
    }
    // In a read-only cache, the checksum is computed every time.
    if receipt.stamp != stamp { try? receipt.stamped(stamp).write(to: receiptPath) }
    return (.cached, stamp.byteCount)
  }

  /// Moves a finished file, which must be on the same file system, into place.
  ///
  /// The receipt is written first: if this is interrupted, the file does not match its receipt, and an
  /// incomplete file never passes the check.
  func install(_ written: String) throws(StoreError) {
    guard let stamp = FileStamp(written) else {
      throw StoreError(.io, "the converted file has gone", place: written)
    }
    let receipt = Receipt(
      byteCount: stamp.byteCount, sha256: try ContentHash(ofFile: written).hexadecimal, stamp: nil)
    try receipt.write(to: receiptPath)
    try CacheFolder.rename(written, to: path)
    if let stamp = FileStamp(path) { try? receipt.stamped(stamp).write(to: receiptPath) }
  }
}
