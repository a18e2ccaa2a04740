import VisionTensor

/// The feature pyramid of torchvision's RetinaNet and FCOS: the strides 8, 16, 32, 64 and 128.
struct TorchvisionLevels {
  /// Of each cell, level by level and row by row: the upper left corner in pixels, and the level.
  private(set) var cells: [(x: Float, y: Float, level: Int)] = []

  static let strides = [8, 16, 32, 64, 128]

  static func count(_ view: DetectorView) -> Int { strides.reduce(0) { $0 + view.cells($1) } }

  /// Cells lie whole pixels apart, as many as fit into the image (`AnchorGenerator`), which is less than the stride
  /// where the image's sides are no multiples of it.
  init(_ view: DetectorView) {
    for (level, stride) in Self.strides.enumerated() {
      let (rows, columns) = (view.rows(stride), view.columns(stride))
      let (height, width) = (view.height / rows, view.width / columns)
      for row in 0..<rows {
        for column in 0..<columns { cells.append((Float(column * width), Float(row * height), level)) }
      }
    }
  }
}
