package import VisionImage
import VisionSystem
import VisionTensor

/// Finds all images below a folder, whether or not its subfolders are classes.
package enum ImageSearch {
  /// The images sorted by path, the files that cannot be used, and notes on everything ignored. Relative
  /// paths begin with the name of `root`.
  package static func images(below root: String) throws(DatasetError) -> (
    images: [(path: String, relativePath: String)], skipped: [SkippedFile], notes: [String]
  ) {
    var path = root
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    guard FolderEntry.kind(of: path) == .folder else {
      throw DatasetError(.missing, "there is no such folder", place: path, remedy: "check the path")
    }
    // The name of the folder itself may be that of a class.
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    let scan = try ImageScan(path, relative: name, above: FileIdentity.line(to: "\(path)/.."))
    let sorted = scan.images.sorted { $0.relativePath.utf8.lexicographicallyPrecedes($1.relativePath.utf8) }
    return (sorted.map { ($0.path, $0.relativePath) }, scan.skipped, scan.notes + scan.litter.notes)
  }
}
