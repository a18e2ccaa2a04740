import VisionGraph
import VisionTensor

/// The extents that the caller gives for axes left open by a file.
struct OnnxDimensions {
  /// Shapes by input name.
  var shapes: [String: Shape]
  /// Extents by the name of the open axis.
  var extents: [String: Int]
  /// The image size for axes left open by a file; nil if `shapes` or `extents` must give them.
  private let image: (() -> ImageSides)?

  init(
    shapes: [String: Shape] = [:], extents: [String: Int] = [:], image: (() -> ImageSides)? = nil
  ) {
    self.shapes = shapes
    self.extents = extents
    self.image = image
  }

  /// The dimensions of an input as declared, and the extents of the open ones.
  ///
  /// - Throws: `FormatError` when an open axis other than the batch has no extent, or extents contradict each
  ///   other.
  mutating func resolve(_ input: OnnxValueInfo) throws(FormatError) -> (
    dimensions: [AxisLength], binding: [String: Int]
  ) {
    let shape = shapes[input.name]
    let given = "give the shape of input '\(input.name)'"
    guard let extents = input.extents ?? shape?.map({ OnnxValueInfo.Extent.fixed($0) }) else {
      throw error(input, "input '\(input.name)' has no shape in the file", remedy: given)
    }
    if let shape, shape.rank != extents.count {
      throw error(input, "input '\(input.name)' has \(extents.count) axes, not \(shape.rank) (\(shape))")
    }
    var dimensions: [AxisLength] = []
    for (axis, extent) in extents.enumerated() {
      let symbol: String
      switch extent {
      case .fixed(let extent):
        if let shape, shape[axis] != extent {
          throw error(
            input,
            "axis \(axis) of input '\(input.name)' is fixed to \(extent) in the file, not \(shape[axis])")
        }
        dimensions.append(.fixed(extent))
        continue
      case .named(let name): symbol = name
      case .unknown: symbol = axis == 0 ? "N" : "\(input.name)[\(axis)]"
      }
      dimensions.append(.symbolic(symbol))
      if let extent = shape?[axis] {
        if let other = self.extents[symbol], other != extent {
          throw error(input, "axis '\(symbol)' is both \(other) and \(extent)")
        }
        self.extents[symbol] = extent
      } else if axis > 0, self.extents[symbol] == nil, let extent = image?().extents(for: extents)?[axis] {
        self.extents[symbol] = extent
      } else if self.extents[symbol] == nil {
        guard axis == 0 else {
          throw error(
            input, "axis \(axis) of input '\(input.name)' ('\(symbol)') is left open in the file",
            remedy: "\(given) or the extent of '\(symbol)'")
        }
        self.extents[symbol] = 1
      }
    }
    guard TensorLimits.byteCount(dimensions.map { extent(of: $0) }, .float64) != nil else {
      throw error(input, "the shape of input '\(input.name)' is impossible")
    }
    return (dimensions, self.extents)
  }

  private func extent(of dimension: AxisLength) -> Int {
    switch dimension {
    case .fixed(let extent): extent
    case .symbolic(let symbol): extents[symbol] ?? 1
    }
  }

  private func error(_ input: OnnxValueInfo, _ message: String, remedy: String? = nil) -> FormatError {
    FormatError(.network, message, file: input.place.file, remedy: remedy)
  }
}
