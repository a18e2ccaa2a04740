import VisionImage
import VisionSystem

/// One model's file in the cache, and the receipt that tells whether it is still what was written.
struct ModelFile {
  let path: String
  private let receiptPath: String

  /// What `CheckpointConversion` makes of a checkpoint; raised when the same entry gives another file.
  private static let recipe = 1

  init(_ model: PretrainedModel, in directory: String) {
    path = "\(directory)/\(model.name)-\(model.version)-\(Self.fingerprint(model)).onnx"
    receiptPath = "\(path).receipt"
  }

  /// Eight digits that change with everything that decides what is in the file.
  private static func fingerprint(_ model: PretrainedModel) -> String {
    let parts =
      [
        "\(recipe)", model.package, model.version, model.file, model.sha256, model.architecture,
        model.preprocessing.json, model.license,
      ] + model.labels.names
    return String(ContentHash(of: Array(parts.joined(separator: "\n").utf8)).hexadecimal.prefix(8))
  }

  /// Whether a name in the cache's folder is that of a file of the model, of whatever version.
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
    // Versions hold no hyphen, so a model `a-1` is not taken for version 1 of `a`.
    let parts = stem.dropFirst(name.count + 1).split(separator: "-", omittingEmptySubsequences: false)
    return parts.count == 2 && !parts[0].isEmpty && parts[1].utf8.count == 8
      && parts[1].utf8.allSatisfy(PretrainedModel.isLowerHexadecimal)
  }

  /// The state and the length.
  ///
  /// The checksum is worked out when `thoroughly`, and when the system has seen the file change since it was last
  /// worked out: any write, truncation or replacement moves the file's status time, which no program can set.
  func check(thoroughly: Bool = false) -> (state: PretrainedStatus.State, byteCount: Int) {
    guard let stamp = FileStamp(path) else { return (.absent, 0) }
    guard let receipt = Receipt(contentsOf: receiptPath), receipt.byteCount == stamp.byteCount else {
      return (.damaged, stamp.byteCount)
    }
    if !thoroughly, receipt.stamp == stamp { return (.cached, stamp.byteCount) }
    guard let digest = try? ContentHash(ofFile: path).hexadecimal, digest == receipt.sha256 else {
      return (.damaged, stamp.byteCount)
    }
    // In a cache that cannot be written the sum is worked out every time.
    if receipt.stamp != stamp { try? receipt.stamped(stamp).write(to: receiptPath) }
    return (.cached, stamp.byteCount)
  }

  /// Moves a finished file of the same file system into place.
  ///
  /// The receipt comes first: whatever is cut short leaves a file that does not fit its receipt, and never one that
  /// passes without being whole.
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
