import VisionGraph
import VisionTensor
import VisionSystem

extension DetectionHead {
  /// Boxes N×A×4 (left, top, right and bottom in pixels of the input) and scores N×A×K (0...1) of the raw numbers.
  func decoded(_ raw: Value, classes: Int, grid: DetectionGrid) throws(GraphError) -> (
    boxes: Value, scores: Value
  ) {
    let graph = raw.graph
    let places = grid.places
    func integers(_ values: [Int]) -> Value { graph.constant(Tensor(values.map { Int64($0) })) }
    func part(_ start: Int, _ end: Int, _ name: String) throws(GraphError) -> Value {
      try graph.add(
        Slice(), raw, integers([start]), integers([end]), integers([2]), integers([1]),
        name: graph.path(to: name))
    }
    let scores = try graph.add(
      Sigmoid(), part(0, classes, "chances"), name: graph.path(to: "scores"))
    // The mean of each side's distribution is its product with the distances of the bins.
    let sides = try graph.add(
      Reshape(), part(classes, classes + 4 * bins, "sides"), integers([0, places.count, 4, bins]),
      name: graph.path(to: "distributions"))
    let shares = try graph.add(Softmax(axis: -1), sides, name: graph.path(to: "shares"))
    let steps = graph.constant(Tensor((0..<bins).map { Float($0) }, shape: [bins, 1]), name: "steps")
    let means = try graph.add(MatMul(), shares, steps, name: graph.path(to: "means"))
    let distances = try graph.add(
      Reshape(), means, integers([0, places.count, 4]), name: graph.path(to: "distances"))
    let centers = places.flatMap { [$0.x, $0.y, $0.x, $0.y].map { Float($0) } }
    let units = places.flatMap { [-$0.stride, -$0.stride, $0.stride, $0.stride].map { Float($0) } }
    let shape: Shape = [1, places.count, 4]
    let moves = try graph.add(
      Mul(), distances, graph.constant(Tensor(units, shape: shape), name: "units"),
      name: graph.path(to: "moves"))
    let boxes = try graph.add(
      Add(), moves, graph.constant(Tensor(centers, shape: shape), name: "centers"),
      name: graph.path(to: "boxes"))
    return (boxes, scores)
  }
}
