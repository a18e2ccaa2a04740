import VisionGraph
import VisionImage
import VisionTensor

/// NanoDet in one output N×A×(K+4M): the probabilities of the classes, then the distributions of the edges' distances.
struct NanoDetOutput: Sendable {
  let output: DetectorView.Output
  let classes: Int
  var bins: Int { (output.shape[2] - classes) / 4 }

  /// NanoDet's own number of bins, for networks that do not show it.
  private static let usualBins = 8

  init?(_ view: DetectorView, strides: [Int]) {
    guard view.outputs.count == 1, let output = view.outputs.first, output.shape.rank == 3,
      output.type.isFloatingPoint, output.shape[1] == strides.reduce(0, { $0 + view.cells($1) })
    else { return nil }
    let columns = output.shape[2]
    let trace = OutputTrace(view.graph, output.value, joining: columns)
    guard !trace.isDecoded, trace.joined.allSatisfy({ $0.count == 2 && $0 == trace.joined[0] }) else {
      return nil
    }
    let shown = trace.joined.first?[0]
    let classes = shown ?? (view.labels.isEmpty ? columns - 4 * Self.usualBins : view.labels.count)
    guard classes > 0, columns - classes >= 8, (columns - classes) % 4 == 0,
      view.labels.isEmpty || view.labels.count == classes
    else { return nil }
    (self.output, self.classes) = (output, classes)
  }

  func decode(_ view: DetectorView, _ builder: HeadBuilder, strides: [Int], offset: Float) throws(GraphError)
    -> DecodedOutputs
  {
    let rows = try builder.value(output)
    let boxes = DistributionBoxes(bins: bins, strides: strides, offset: offset)
    return DecodedOutputs(
      boxes: try boxes.decode(builder.slice(rows, 2, classes..<output.shape[2]), view, builder),
      scores: try builder.slice(rows, 2, 0..<classes))
  }
}
