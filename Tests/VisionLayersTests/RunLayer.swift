import VisionGraph
import VisionLayers
import VisionTensor

/// The graph of a layer on an input of any shape, the batch fixed.
func graph(of layer: some Layer, input: Shape) throws(GraphError) -> Graph {
  let builder = GraphBuilder()
  let x = try builder.input("x", dimensions: input.map { .fixed($0) })
  try builder.output("y", layer(x))
  return builder.graph
}

/// What a layer makes of `values`, its parameters those given or else drawn.
func run(
  _ layer: some Layer, _ values: [Float], _ shape: Shape, parameters: [String: [Float]] = [:]
) throws -> Tensor? {
  let graph = try graph(of: layer, input: shape)
  var all = graph.initialParameters(seed: 1)
  for (name, values) in parameters {
    guard let old = all[name] else { throw GraphError(.parameter, "no parameter '\(name)'") }
    all[name] = Tensor(values, shape: old.shape)
  }
  return try Interpreter(graph, parameters: all).run(["x": Tensor(values, shape: shape)])["y"]
}

/// Names of the parameters of a layer in order.
func parameterNames(_ layer: some Layer, input: Shape) throws(GraphError) -> [String] {
  try graph(of: layer, input: input).parameters.map(\.name)
}
