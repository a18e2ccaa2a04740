public import VisionInference
import VisionSystem
public import VisionTensor

/// Writes rows of a table to the input of a network, with each column standardized by its mean and standard
/// deviation.
public struct ColumnInput: InputWriter {
  public let columns: [TableColumn]

  public init(_ columns: [TableColumn]) { self.columns = columns }

  public var specs: [TensorSpec] {
    [TensorSpec(name: "input", shape: [.fixed(columns.count)], mixing: .linear)]
  }

  /// - Throws: `TrainingError`: `shape` for a row with another number of columns, `notFinite` for a value
  ///   that is not finite.
  public func write(_ row: [Double], into slots: borrowing TensorSlots, _ scratch: InputScratch) throws {
    try Self.write(row, columns, into: slots)
  }

  /// Writes values of these columns into the first tensor.
  static func write(_ row: [Double], _ columns: [TableColumn], into slots: borrowing TensorSlots)
    throws(TrainingError)
  {
    guard row.count == columns.count else {
      throw TrainingError(.shape, "a row of \(row.count) values for \(columns.count) columns")
    }
    for (index, column) in columns.enumerated() {
      let scaled = column.scaled(row[index])
      guard scaled.isFinite else {
        throw TrainingError(.notFinite, "the value \(row[index]) of '\(column.name)' cannot be used")
      }
      slots.floats(0)[index] = scaled
    }
  }
}
