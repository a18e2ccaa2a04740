import VisionSystem
import VisionTensor

/// Determines the separator of a table's fields.
enum TableSeparator {
  private static let sampleSize = 50

  /// The separator with which the most lines have the same number of fields, at least two, and name an image;
  /// if several are equally good, the most common one.
  ///
  /// - Throws: `DatasetError` when the beginning cannot be parsed with any separator; the error is that for
  ///   the most common one.
  static func find(_ bytes: [UInt8], _ files: TableFiles, place: String) throws(DatasetError) -> UInt8 {
    var best: (separator: UInt8, named: Int, regular: Int)?
    var failure: DatasetError?
    for separator in DelimitedText.separators {
      do throws(DatasetError) {
        let text = try DelimitedText(bytes, separator: separator, place: place, limit: sampleSize)
        let found = judge(text.records.map(\.fields), files)
        if found > (best.map { ($0.named, $0.regular) } ?? (-1, -1)) { best = (separator, found.0, found.1) }
      } catch { failure = failure ?? error }
    }
    if let best { return best.separator }
    if let failure { throw failure }
    return UInt8(ascii: ",")
  }

  /// The number of records that have the usual number of fields and name an image, and the number that have
  /// that number of fields.
  private static func judge(_ records: [[String]], _ files: TableFiles) -> (Int, Int) {
    var counts: [Int: Int] = [:]
    for fields in records where fields.count > 1 { counts[fields.count, default: 0] += 1 }
    guard let usual = counts.max(by: { ($0.value, -$0.key) < ($1.value, -$1.key) })?.key else {
      return (0, 0)
    }
    let regular = records.filter { $0.count == usual }
    let named = regular.count { fields in
      fields.contains { files.isImageName($0) || files.direct($0) != nil }
    }
    return (named, regular.count)
  }
}
