package import VisionGraph
package import VisionImage
import VisionSystem
package import VisionTensor

/// The input of a network that takes images: its layout, type and size.
package struct ImageInput: Sendable {
  /// The name of the input.
  package let name: String
  /// The order of the axes.
  package let layout: Preprocessing.Layout
  /// float32, float16, float64, or uint8 for unscaled pixels.
  package let type: ElementType
  /// The extents to which the graph is bound.
  package let channels: Int
  package let height: Int
  package let width: Int
  /// The number of images in a run, if the file fixes it.
  package let fixedBatch: Int?
  /// Whether the file leaves a side open.
  package let hasOpenSides: Bool

  private let dimensions: [AxisLength]
  private let shape: Shape

  /// The supported element types of images.
  private static let types: Set<ElementType> = [.float32, .float16, .float64, .uint8]

  /// Examines the input of a graph.
  ///
  /// - Parameter preprocessing: decides if the extents fit both layouts.
  /// - Throws: `GraphError` when there is not exactly one input, or it does not take images.
  package init(_ graph: Graph, preprocessing: Preprocessing? = nil) throws(GraphError) {
    guard graph.inputs.count == 1, case .input(let dimensions) = graph[graph.inputs[0]].source else {
      let names = graph.inputs.map { "'\(graph[$0].name)'" }.joined(separator: ", ")
      throw GraphError(
        .input,
        "a network for images has one input, this one has \(graph.inputs.count)"
          + (names.isEmpty ? "" : ": \(names)"))
    }
    let record = graph[graph.inputs[0]]
    let shape = record.fact.shape
    guard Self.types.contains(record.fact.type), (3...4).contains(shape.rank) else {
      throw GraphError(
        .input, "the network takes \(record.fact), which is no image: N×C×H×W or N×H×W×C",
        place: record.name, remedy: "images are float32, float16, float64 or uint8, with 1, 3 or 4 channels")
    }
    name = record.name
    type = record.fact.type
    self.dimensions = dimensions
    self.shape = shape
    let sides = Array(shape.dimensions.suffix(3))
    layout = Self.layout(graph, Array(dimensions.suffix(3)), sides, preprocessing)
    (channels, height, width) =
      layout == .nchw ? (sides[0], sides[1], sides[2]) : (sides[2], sides[0], sides[1])
    if shape.rank == 3 {
      fixedBatch = 1
    } else if case .fixed(let batch) = dimensions[0] {
      fixedBatch = batch
    } else {
      fixedBatch = nil
    }
    hasOpenSides = dimensions.suffix(3).contains { if case .symbolic = $0 { true } else { false } }
  }

  /// The number of images to which the graph is bound.
  package var batch: Int { shape.rank == 3 ? 1 : shape[0] }

  private static let channelCounts: Set<Int> = [1, 3, 4]

  /// Finds the axis of the channels: the one with a fixed extent of 1, 3 or 4. If both or neither of the
  /// candidates fit, the preprocessing's extents decide, then the first node, and otherwise the layout is
  /// N×C×H×W.
  private static func layout(
    _ graph: Graph, _ dimensions: [AxisLength], _ sides: [Int], _ preprocessing: Preprocessing?
  ) -> Preprocessing.Layout {
    func mayBeChannels(_ axis: Int) -> Bool {
      if case .fixed(let extent) = dimensions[axis] { channelCounts.contains(extent) } else { false }
    }
    switch (mayBeChannels(0), mayBeChannels(2)) {
    case (true, false): return .nchw
    case (false, true): return .nhwc
    default: break
    }
    if let preprocessing {
      let (c, h, w) = (preprocessing.channels.count, preprocessing.height, preprocessing.width)
      if sides == [c, h, w] { return .nchw }
      if sides == [h, w, c] { return .nhwc }
    }
    let input = graph.inputs[0]
    let reader = graph.nodes.first { node in node.inputs.contains { $0 == input } }
    if let transpose = reader?.operation as? Transpose, transpose.permutation?.last == 2 { return .nhwc }
    return .nchw
  }

  // MARK: Preprocessing

  /// The preprocessing that this input needs: a network that takes bytes gets unscaled pixels, 0...255.
  package func effective(_ preprocessing: Preprocessing) -> Preprocessing {
    type == .uint8 ? preprocessing.unscaled : preprocessing
  }

  /// The shape of the input for a preprocessing and the bound batch size.
  ///
  /// - Throws: `GraphError` when the file fixes another size or number of channels.
  package func shape(for preprocessing: Preprocessing) throws(GraphError) -> Shape {
    let (c, h, w) = (preprocessing.channels.count, preprocessing.height, preprocessing.width)
    var wanted = shape
    let sides = layout == .nchw ? [c, h, w] : [h, w, c]
    for (offset, extent) in sides.enumerated() {
      let axis = shape.rank - 3 + offset
      if case .fixed(let fixed) = dimensions[axis], fixed != extent {
        throw GraphError(
          .input,
          "the network takes \(Shape(Array(shape.dimensions.suffix(3)))), but the preprocessing gives "
            + "\(Shape(sides))", place: name, remedy: "give a preprocessing of the network's size")
      }
      wanted[axis] = extent
    }
    return wanted
  }

  /// The size of one image in the network's input, in bytes.
  package var imageByteCount: Int { channels * height * width * type.byteCount }

  /// Writes one image into its part of the network's input.
  ///
  /// - Parameters:
  ///   - preprocessing: the result of `effective(_:)`.
  ///   - output: exactly `imageByteCount` bytes.
  /// - Returns: where the image's pixels have come to lie.
  /// - Throws: `ImageError` as `Preprocessing.write`.
  @discardableResult package func write(
    _ image: Image, _ preprocessing: Preprocessing, into output: UnsafeMutableRawBufferPointer,
    scratch: PreprocessingScratch
  ) throws(ImageError) -> InputGeometry {
    if type == .float32 {
      return try preprocessing.write(
        image, into: output.bindMemory(to: Float.self), layout: layout, scratch: scratch)
    }
    let numbers = UnsafeMutableBufferPointer<Float>.allocate(capacity: preprocessing.elementCount)
    defer { numbers.deallocate() }
    let geometry = try preprocessing.write(image, into: numbers, layout: layout, scratch: scratch)
    switch type {
    case .uint8:
      // Unscaled pixels are integers from 0 to 255.
      for (index, number) in numbers.enumerated() {
        output[index] = UInt8(saturating: number)
      }
    case .float64:
      let target = output.bindMemory(to: Double.self)
      for (index, number) in numbers.enumerated() { target[index] = Double(number) }
    default:
      let target = output.bindMemory(to: UInt16.self)
      for (index, number) in numbers.enumerated() {
        target[index] = ElementConversion.half(from: Double(number))
      }
    }
    return geometry
  }
}
