/// Says where below a folder there are images, without listing all of them.
struct ImageFinder {
  private var known: [FileIdentity: Bool] = [:]

  /// The names of the folders in `folder`, sorted, that hold images or have some below them.
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

  /// The same; none where the folder cannot be listed.
  mutating func holding(in folder: String) -> [String] { (try? folders(in: folder)) ?? [] }

  func hasImages(directlyIn folder: String) -> Bool {
    ((try? FolderEntry.list(folder)) ?? []).contains {
      $0.kind == .file && !$0.isLeftOut && $0.isImage(in: folder)
    }
  }

  /// Whether a folder only stands around those of the data: it holds no images itself, and several folders that do, or
  /// one that is called like a part of the data or stands around them in turn.
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
    // In a circle of links that there is nothing inside may only be so until the folder around it is known.
    if isFound { known[identity] = true }
    return isFound
  }
}
