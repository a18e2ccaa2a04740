import VisionModel
import VisionSystem
import VisionTensor

/// Converts a table without headings, whose last column has class numbers, to a readable one.
enum TitledTable {
  /// `titles` followed by the lines, with the name of the class in the last field.
  ///
  /// - Throws: `FormatError` for a line with another number of fields or an invalid class.
  static func text(_ file: ByteRange, titles: String, classes: [String]) throws(FormatError) -> String {
    guard let text = file.string else { throw file.error(.corrupt, "the table is not UTF-8 text") }
    let columns = fields(Substring(titles)).count
    var result = titles + "\n"
    var number = 0
    for line in text.split(whereSeparator: \.isNewline) {
      number += 1
      let fields = fields(line)
      guard fields.count == columns, let last = fields.last, let index = Int(last),
        classes.indices.contains(index)
      else {
        throw file.error(
          .corrupt, "line \(number) is not \(columns - 1) values and a class below \(classes.count)")
      }
      result += fields.dropLast().joined(separator: ",") + ",\(classes[index])\n"
    }
    return result
  }

  private static func fields(_ line: Substring) -> [Substring] {
    line.split(separator: ",", omittingEmptySubsequences: false)
  }
}
