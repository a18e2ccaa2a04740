import VisionGraph
import VisionTensor

/// A network of others as those see it who look for its head: its image and its outputs, with the shapes for one
/// image.
struct DetectorView {
  struct Output {
    let name: String
    let value: ValueID
    let type: ElementType
    let shape: Shape
  }

  let graph: Graph
  let height: Int
  let width: Int
  let outputs: [Output]
  /// The names of the classes as far as they are known.
  let labels: [String]
  let metadata: ForeignMetadata

  init(_ graph: Graph, _ input: ImageInput, labels: [String], _ metadata: ForeignMetadata) {
    self.graph = graph
    (height, width) = (input.height, input.width)
    outputs = graph.outputs.map {
      let fact = graph.fact($0.value)
      return Output(name: $0.name, value: $0.value, type: fact.type, shape: fact.shape)
    }
    (self.labels, self.metadata) = (labels, metadata)
  }

  /// The outputs of a network that runs in stages, as inputs of a graph that decodes them.
  init(
    _ graph: Graph, height: Int, width: Int, labels: [String], _ metadata: ForeignMetadata
  ) {
    (self.graph, self.height, self.width) = (graph, height, width)
    outputs = graph.inputs.map {
      Output(name: graph[$0].name, value: $0, type: graph.fact($0).type, shape: graph.fact($0).shape)
    }
    (self.labels, self.metadata) = (labels, metadata)
  }

  /// The cells of a level: one for each `stride` × `stride` pixels, also for those that only partly lie in the image.
  func cells(_ stride: Int) -> Int { rows(stride) * columns(stride) }
  func rows(_ stride: Int) -> Int { (height + stride - 1) / stride }
  func columns(_ stride: Int) -> Int { (width + stride - 1) / stride }

  /// The outputs and their shapes, for messages.
  var summary: String {
    outputs.map { "'\($0.name)' \($0.type.rawValue) \($0.shape)" }.joined(separator: ", ")
  }

  /// The outputs of rank 3 that have a row for each of `count` places, in the order of the file.
  func rows(of count: Int, columns: Int? = nil) -> [Output] {
    outputs.filter {
      $0.type.isFloatingPoint && $0.shape.rank == 3 && $0.shape[1] == count
        && columns.map { [shape = $0.shape] in shape[2] == $0 } ?? true
    }
  }
}
