import VisionGraph
import VisionTensor

/// The cells of some levels, one level after the other and row by row, as constants for a decoder.
struct PlaceGrid {
  /// Columns and rows, counted from 0 in their level: A×2.
  private(set) var cells: [Float] = []
  /// Pixels from one cell to the next: A.
  private(set) var strides: [Float] = []

  var count: Int { strides.count }

  init(_ view: DetectorView, _ strides: [Int]) {
    for stride in strides {
      for row in 0..<view.rows(stride) {
        for column in 0..<view.columns(stride) { cells += [Float(column), Float(row)] }
      }
      self.strides += [Float](repeating: Float(stride), count: view.cells(stride))
    }
  }

  /// The pixels of the cells' points, a part of a cell behind their upper left corners: A×2.
  func points(_ builder: HeadBuilder, offset: Float) -> Value {
    let numbers = cells.enumerated().map { ($1 + offset) * strides[$0 / 2] }
    return builder.constant(numbers, [count, 2])
  }
}
