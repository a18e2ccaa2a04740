import VisionModel
import VisionSystem
import VisionTensor

/// A table of digits in numbers: each line has 784 gray values from 0 to 255 and the digit; there are no
/// headings.
enum DigitTable {
  private static let side = 28

  /// The two parts: `test` has every `testEvery`th image of each digit, `train` the others.
  ///
  /// - Throws: `FormatError` with the place of the first error in the table.
  static func read(_ file: ByteRange, testEvery: Int) throws(FormatError) -> (
    train: LabeledPixels, test: LabeledPixels
  ) {
    var parts = [Part(), Part()]
    var seen = [Int](repeating: 0, count: 10)
    var number = 0
    for row in try rows(file) {
      let digit = Int(row[side * side])
      guard digit < 10 else {
        throw file.error(.corrupt, "line \(number + 1) ends with \(digit), which is no digit")
      }
      seen[digit] += 1
      let part = seen[digit].isMultiple(of: testEvery) ? 1 : 0
      parts[part].pixels += row.dropLast()
      parts[part].labels.append(digit)
      parts[part].numbers.append(number)
      number += 1
    }
    return (parts[0].images, parts[1].images)
  }

  private struct Part {
    var pixels: [UInt8] = []
    var labels: [Int] = []
    var numbers: [Int] = []

    var images: LabeledPixels {
      LabeledPixels(width: side, height: side, pixels: pixels, labels: labels, numbers: numbers)
    }
  }

  /// The nonempty lines, 785 numbers each.
  private static func rows(_ file: ByteRange) throws(FormatError) -> [[UInt8]] {
    var rows: [[UInt8]] = []
    var row: [UInt8] = []
    var value = -1
    func close(_ index: Int) throws(FormatError) {
      guard (0...255).contains(value), row.count <= side * side else {
        throw file.error(
          .corrupt, "line \(rows.count + 1) is not \(side * side + 1) numbers from 0 to 255", at: index)
      }
      row.append(UInt8(value))
      value = -1
    }
    for (index, byte) in file.array.enumerated() {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        // Numbers with too many digits stay out of range, so `close` rejects them.
        value = min(max(value, 0) * 10 + Int(byte - UInt8(ascii: "0")), 1000)
      case UInt8(ascii: ","): try close(index)
      case UInt8(ascii: "\r"): continue
      case UInt8(ascii: "\n"):
        if row.isEmpty && value < 0 { continue }
        try close(index)
        guard row.count == side * side + 1 else {
          throw file.error(.corrupt, "line \(rows.count + 1) has \(row.count) numbers", at: index)
        }
        rows.append(row)
        row = []
      default: throw file.error(.corrupt, "byte \(byte) in a table of numbers", at: index)
      }
    }
    if !row.isEmpty || value >= 0 {
      throw file.error(.truncated, "the last line is cut short", at: file.count)
    }
    return rows
  }
}
