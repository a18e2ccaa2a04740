import VisionSystem
import VisionTensor

/// Finds the files that the cells of a table name: from the table's folder or anywhere below it, with the separators of
/// other systems, without the ending, or under a folder that only another machine has.
final class TableFiles {
  /// What a cell means.
  enum Found {
    /// The file of that path as the table has it.
    case direct(String)
    /// A file that is called otherwise; its path below the table's folder.
    case below(String)
    /// Several files, of which the cell may mean any.
    case several([String])
    case missing(String)
  }

  /// The table's folder.
  let folder: String
  /// The part of the data that the table's name says.
  private let part: DataPart?
  /// How many folders all paths begin with; another machine may have them elsewhere.
  private var shared = 0
  private lazy var index = ImageIndex(below: folder)

  init(table: String) {
    let slash = table.utf8.lastIndex(of: UInt8(ascii: "/"))
    folder = slash.map { $0 == table.startIndex ? "/" : String(table[..<$0]) } ?? "."
    let name = slash.map { String(table[table.utf8.index(after: $0)...]) } ?? table
    part = DataPart(name.split(separator: ".").first.map(String.init) ?? name)
  }

  /// The file that a cell names as it stands, by its path; nil when there is none.
  func direct(_ cell: String) -> String? {
    guard !cell.isEmpty, !cell.utf8.contains(0), cell.utf8.count < 4096 else { return nil }
    let path = self.path(cell)
    return FolderEntry.kind(of: path) == .file ? path : nil
  }

  /// The path that a cell is taken for where there is no such file.
  private func path(_ cell: String) -> String {
    if cell.utf8.first == UInt8(ascii: "/") { return cell }
    return folder == "/" ? "/\(cell)" : "\(folder)/\(cell)"
  }

  /// Whether a cell ends as names of image files do, and is no address.
  func isImageName(_ cell: String) -> Bool {
    guard cell.utf8.count < 4096, !cell.contains("://") else { return false }
    return FolderEntry.hasImageEnding(Array(cell.utf8))
  }

  /// Whether any image below the folder may be meant.
  func isBelow(_ cell: String) -> Bool {
    let components = Self.components(cell)
    guard !components.isEmpty, cell.utf8.count < 4096 else { return false }
    return !index.files(endingWith: components[...]).isEmpty
      || components.count > 1 && !index.files(endingWith: components.suffix(1)).isEmpty
  }

  /// Learns how many folders all cells of the column of paths begin with.
  func learn(_ cells: some Sequence<String>) {
    var common: [Substring]?
    for cell in cells {
      let folders = Self.components(cell).dropLast()
      guard let known = common else {
        common = Array(folders)
        continue
      }
      common = Array(zip(known, folders).prefix { $0 == $1 }.map(\.0))
      if common?.isEmpty == true { break }
    }
    shared = common?.count ?? 0
  }

  /// The file that a cell means.
  ///
  /// - Parameters:
  ///   - part: of the row.
  ///   - labels: of the row; among several files that in a folder of that name is meant.
  func find(_ cell: String, part rowPart: DataPart?, labels: [String]) -> Found {
    if direct(cell) != nil { return .direct(path(cell)) }
    let components = Self.components(cell)
    let plain = components.joined(separator: "/")
    if cell.contains("\\"), direct(plain) != nil { return .below(plain) }
    guard !components.isEmpty else { return .missing(path(cell)) }
    for dropped in 0...min(shared, components.count - 1) {
      var files = index.files(endingWith: components[dropped...])
      if files.isEmpty { continue }
      if files.count > 1, let part = rowPart ?? part {
        files = Self.narrowed(files) { DataPart(String($0)) == part }
      }
      if files.count > 1 {
        files = Self.narrowed(files) { folder in labels.contains { $0 == folder } }
      }
      let paths = files.map { $0.joined(separator: "/") }
      return paths.count == 1 ? .below(paths[0]) : .several(paths)
    }
    return .missing(path(cell))
  }

  /// The files in a folder that is right, if there are any.
  private static func narrowed(_ files: [[Substring]], _ isRight: (Substring) -> Bool) -> [[Substring]] {
    let right = files.filter { $0.dropLast().contains(where: isRight) }
    return right.isEmpty ? files : right
  }

  /// The names in a path of this or another system.
  private static func components(_ cell: String) -> [Substring] {
    // By bytes: a slash and an accent behind it are one character.
    cell.utf8.split { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
      .map { Substring(decoding: $0, as: UTF8.self) }.filter { $0 != "." }
  }
}
