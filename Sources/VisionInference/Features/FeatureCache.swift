import VisionModel
import VisionSystem

/// Features that were computed once, found again by the contents of the image's file.
///
/// One folder for each backbone, preprocessing and kind of kernels; in it packs that are written as a whole. A pack
/// whose index is damaged is removed; damaged rows are computed anew and found in the pack that they then come to.
/// Anyone may remove the folder at any time.
final class FeatureCache {
  private let folder: String
  private let columns: Int
  private var packs: [FeaturePack] = []
  /// Packs and rows that were found damaged.
  private(set) var damaged = 0

  /// Opens what there is in `root`/`fingerprint`.
  init(root: String, fingerprint: String, columns: Int) {
    folder = "\(root)/\(fingerprint)"
    self.columns = columns
    // A cache that is not there yet is empty.
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

  /// Keeps rows for the next time.
  ///
  /// - Throws: `FormatError` when they cannot be written, which costs time later and nothing else.
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
