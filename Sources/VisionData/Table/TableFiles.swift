import VisionSystem
import VisionTensor

/// Finds the files named in the cells of a table: relative to the table's folder or anywhere below it, with
/// separators of other systems, without extension, or with leading folders that exist only on another
/// machine.
final class TableFiles {
  /// The result of looking up a cell.
  enum Found {
    /// The file at exactly that path.
    case direct(String)
    /// A file at a different path, which is given relative to the table's folder.
    case below(String)
    /// Several files to which the cell may refer.
    case several([String])
    case missing(String)
  }

  /// The table's folder.
  let folder: String
  /// The part of the data that the table's name suggests.
  private let part: DataPart?
  /// The number of leading folders that all paths have in common; they may not exist on this machine.
  private var shared = 0
  private lazy var index = ImageIndex(below: folder)

  init(table: String) {
    let slash = table.utf8.lastIndex(of: UInt8(ascii: "/"))
    folder = slash.map { $0 == table.startIndex ? "/" : String(table[..<$0]) } ?? "."
    let name = slash.map { String(table[table.utf8.index(after: $0)...]) } ?? table
    part = DataPart(name.split(separator: ".").first.map(String.init) ?? name)
  }

  /// The path of the file that a cell names literally; nil when it does not exist.
  func direct(_ cell: String) -> String? {
    guard !cell.isEmpty, !cell.utf8.contains(0), cell.utf8.count < 4096 else { return nil }
    let path = self.path(cell)
    return FolderEntry.kind(of: path) == .file ? path : nil
  }

  /// The literal path of a cell.
  private func path(_ cell: String) -> String {
    if cell.utf8.first == UInt8(ascii: "/") { return cell }
    return folder == "/" ? "/\(cell)" : "\(folder)/\(cell)"
  }

  /// Whether a cell has the extension of an image file and is not a URL.
  func isImageName(_ cell: String) -> Bool {
    guard cell.utf8.count < 4096, !cell.contains("://") else { return false }
    return FolderEntry.hasImageEnding(Array(cell.utf8))
  }

  /// Whether a cell may refer to any image below the folder.
  func isBelow(_ cell: String) -> Bool {
    let components = Self.components(cell)
    guard !components.isEmpty, cell.utf8.count < 4096 else { return false }
    return !index.files(endingWith: components[...]).isEmpty
      || components.count > 1 && !index.files(endingWith: components.suffix(1)).isEmpty
  }

  /// Determines how many leading folders all cells of the path column have in common.
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

  /// Finds the file to which a cell refers.
  ///
  /// - Parameters:
  ///   - part: the part of the row; selects among several files by folder name.
  ///   - labels: the labels of the row; they select likewise.
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

  /// The files in a suitable folder, or all files if there are none.
  private static func narrowed(_ files: [[Substring]], _ isRight: (Substring) -> Bool) -> [[Substring]] {
    let right = files.filter { $0.dropLast().contains(where: isRight) }
    return right.isEmpty ? files : right
  }

  /// The components of a path in this or another system's notation.
  private static func components(_ cell: String) -> [Substring] {
    // By bytes, because a slash with a combining accent is a single character.
    cell.utf8.split { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
      .map { Substring(decoding: $0, as: UTF8.self) }.filter { $0 != "." }
  }
}
