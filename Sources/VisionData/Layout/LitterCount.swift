/// Counts what systems and storage devices left in the data, by name, so that each name is reported once, not
/// for each folder.
struct LitterCount {
  private var folders: [String: Int] = [:]
  private var files: [String: Int] = [:]

  mutating func add(_ entry: FolderEntry) {
    if entry.kind == .folder {
      folders[entry.printableName, default: 0] += 1
    } else {
      // Each of these files has a different name.
      let isBeside = entry.bytes.starts(with: "._".utf8)
      files[isBeside ? "._*" : entry.printableName, default: 0] += 1
    }
  }

  mutating func add(_ other: LitterCount) {
    folders.merge(other.folders, uniquingKeysWith: +)
    files.merge(other.files, uniquingKeysWith: +)
  }

  /// One sentence for each name.
  var notes: [String] {
    func list(_ counts: [String: Int], _ kind: String) -> [String] {
      counts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { name, count in
        "\(name): left out\(count == 1 ? "" : ", \(count) times"): \(kind) of a system or a storage box, none of the data"
      }
    }
    return list(folders, "a folder") + list(files, "a file")
  }
}
