public import VisionData
public import VisionSystem

/// Rows of a table in memory, each with the numbers to predict.
public struct TableSamples: SampleSource {
  private let rows: [[Double]]
  private let numbers: [[Double]]

  /// - Throws: `TrainingError` with code `shape` when `rows` and `numbers` differ in length.
  public init(_ rows: [[Double]], _ numbers: [[Double]]) throws(TrainingError) {
    guard rows.count == numbers.count else {
      throw TrainingError(.shape, "\(rows.count) rows have \(numbers.count) numbers to predict")
    }
    (self.rows, self.numbers) = (rows, numbers)
  }

  public var count: Int { rows.count }

  public func sample(_ index: Int) -> Sample<[Double], Numbers> {
    Sample(name: "row \(index)", subject: rows[index], truth: Numbers(numbers[index]))
  }

  /// The columns of the rows and of the numbers, with their statistics.
  func columns(_ names: [String], predicting others: [String]) throws(TrainingError) -> (
    inputs: [TableColumn], predicted: [TableColumn]
  ) {
    func columns(_ names: [String], _ rows: [[Double]]) throws(TrainingError) -> [TableColumn] {
      if let row = rows.firstIndex(where: { $0.count != names.count }) {
        throw TrainingError(
          .shape, "a row of \(rows[row].count) values for \(names.count) columns", place: "row \(row)")
      }
      var columns: [TableColumn] = []
      for (index, name) in names.enumerated() {
        columns.append(try TableColumn(name: name, values: rows.map { $0[index] }))
      }
      return columns
    }
    return (try columns(names, rows), try columns(others, numbers))
  }
}
