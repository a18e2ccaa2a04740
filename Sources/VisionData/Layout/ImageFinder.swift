/// Finds out which folders contain images, without listing all of them.
struct ImageFinder {
  private var known: [FileIdentity: Bool] = [:]

  /// The sorted names of the folders in `folder` that contain images, directly or below.
  ///
  /// - Throws: `DatasetError` when the folder cannot be listed.
  mutating func folders(in folder: String) throws(DatasetError) -> [String] {
    var result: [String] = []
    let above = FileIdentity.line(to: folder)
    for entry in try FolderEntry.list(folder) where entry.kind == .folder && !entry.isLeftOut {
      guard let name = entry.name else { continue }
      if holdsImages("\(folder)/\(name)", entry.identity, above, depth: 0) { result.append(name) }
    }
    return result
  }

  /// Like `folders(in:)`, but empty when the folder cannot be listed.
  mutating func holding(in folder: String) -> [String] { (try? folders(in: folder)) ?? [] }

  func hasImages(directlyIn folder: String) -> Bool {
    ((try? FolderEntry.list(folder)) ?? []).contains {
      $0.kind == .file && !$0.isLeftOut && $0.isImage(in: folder)
    }
  }

  /// Whether a folder only wraps the data: it contains no images directly, and either several folders with
  /// images, or a single one that is named like a part of the data or is itself a wrapper.
  mutating func isWrapper(_ folder: String, depth: Int = 0) -> Bool {
    guard depth < 8, !hasImages(directlyIn: folder) else { return false }
    let inside = holding(in: folder)
    guard inside.count == 1 else { return inside.count > 1 }
    return DataPart(inside[0]) != nil || isWrapper("\(folder)/\(inside[0])", depth: depth + 1)
  }

  private mutating func holdsImages(
    _ folder: String, _ identity: FileIdentity?, _ above: Set<FileIdentity>, depth: Int
  ) -> Bool {
    guard depth < 32, let identity, !above.contains(identity) else { return false }
    if let known = known[identity] { return known }
    guard let entries = try? FolderEntry.list(folder) else { return false }
    var isFound = entries.contains { $0.kind == .file && !$0.isLeftOut && $0.isImage(in: folder) }
    let inside = above.union([identity])
    for entry in entries where !isFound && entry.kind == .folder && !entry.isLeftOut {
      guard let name = entry.name else { continue }
      if entry.isLink, FileIdentity.isCircle("\(folder)/\(name)", entry.identity) { continue }
      isFound = holdsImages("\(folder)/\(name)", entry.identity, inside, depth: depth + 1)
    }
    // A negative result may be wrong inside a cycle of links until the outer folder is known, so only
    // positive ones are kept.
    if isFound { known[identity] = true }
    return isFound
  }
}
