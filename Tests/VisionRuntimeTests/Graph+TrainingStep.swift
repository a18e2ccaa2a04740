import Testing
import VisionGraph

extension Graph {
  /// One step of training a network with the output `logits`, after `passes`: loss, gradients of all parameters but running
  /// statistics, and new statistics.
  func trainingStep(after passes: [any Pass], batch: Int) throws -> Graph {
    let training = try applying(passes)
    let logits = try #require(training.outputs.first { $0.name == "logits" }).value
    let builder = GraphBuilder(extending: training)
    for output in training.outputs { try builder.output(output.name, builder.value(output.value)) }
    let labels = try builder.input("labels", type: .int64, dimensions: [.symbolic("N")])
    try builder.output("loss", SoftmaxCrossEntropy()(builder.value(logits), labels))
    let names = builder.graph.parameters.map(\.name).filter { !$0.contains("running") }
    return try builder.graph.differentiated(loss: "loss", withRespectTo: names).bound(batch: batch)
  }
}
