import VisionModel
import VisionSystem

/// A cache of computed features, looked up by the contents of the image's file.
///
/// There is a folder for each backbone, preprocessing and kind of kernels, with packs that are written as a
/// whole. A pack whose index is damaged is removed; damaged rows are computed again and written to a new
/// pack. The folder may be removed at any time.
final class FeatureCache {
  private let folder: String
  private let columns: Int
  private var packs: [FeaturePack] = []
  /// Packs and rows that were found damaged.
  private(set) var damaged = 0

  /// Opens the packs in `root`/`fingerprint`.
  init(root: String, fingerprint: String, columns: Int) {
    folder = "\(root)/\(fingerprint)"
    self.columns = columns
    // A folder that does not exist yet is an empty cache.
    for name in POSIX.names(in: folder) ?? []
    where name.hasSuffix(".features") && POSIX.isFile("\(folder)/\(name)") {
      if let pack = FeaturePack("\(folder)/\(name)", columns: columns) {
        packs.append(pack)
      } else {
        damaged += 1
        unlink("\(folder)/\(name)")
      }
    }
  }

  /// Reads the row of an image; false when it has to be computed.
  func read(_ hash: ContentHash, into target: UnsafeMutableBufferPointer<Float>) -> Bool {
    var isDamaged = false
    for pack in packs where pack.rows[hash] != nil {
      if pack.read(hash, into: target) { return true }
      isDamaged = true
    }
    if isDamaged { damaged += 1 }
    return false
  }

  /// Writes rows to a new pack.
  ///
  /// - Throws: `FormatError` when they cannot be written; they must then be computed again later.
  func keep(_ entries: [(hash: ContentHash, row: [Float])]) throws(FormatError) {
    guard !entries.isEmpty else { return }
    makeFolder()
    try FeaturePack.write(entries, columns: columns, to: folder)
  }

  private func makeFolder() {
    var path = folder.hasPrefix("/") ? "/" : ""
    for part in folder.split(separator: "/") {
      path += part
      mkdir(path, 0o777)
      path += "/"
    }
  }
}
