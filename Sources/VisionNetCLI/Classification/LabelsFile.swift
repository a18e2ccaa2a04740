import VisionNet

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Names of classes in a file.
enum LabelsFile {
  /// The names in class order: a JSON array of strings; or a line a class, of which the last of the columns counts
  /// when the first one numbers the lines from 0.
  static func read(_ path: String) throws -> [String] {
    let bytes = try FilePath(path).contents(limit: 1 << 26)
    let text = String(decoding: bytes, as: UTF8.self)
    let names: [String]
    if text.first(where: { !$0.isWhitespace }) == "[" {
      do { names = try JSONDecoder().decode([String].self, from: Data(bytes)) } catch {
        throw CommandError(
          .data, "not a JSON array of strings", place: path,
          remedy: "give the names as [\"cat\", \"dog\"], or one a line")
      }
    } else {
      var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
      while lines.last?.isEmpty == true { lines.removeLast() }
      let rows = lines.map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
      let isTable = rows.enumerated().allSatisfy { $1.count > 1 && $1[0] == String($0) }
      names = isTable ? rows.map { $0.last ?? "" } : lines
    }
    guard !names.isEmpty else { throw CommandError(.data, "there are no labels in the file", place: path) }
    return names
  }
}
