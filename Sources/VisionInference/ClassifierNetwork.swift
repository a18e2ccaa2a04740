import VisionCompute
package import VisionGraph
package import VisionImage
package import VisionModel
package import VisionRuntime
import VisionSystem
import VisionTensor

/// A model's graph seen as a classifier: one image in, one number a class out.
package final class ClassifierNetwork: Sendable {
  /// What can be asked for.
  package enum Output: Hashable, Sendable { case probabilities, logits, embedding }

  package let roles: ClassifierRoles
  package let hasEmbedding: Bool
  /// What plans have packed.
  package let weights: WeightStore

  private let graphs: [Output: Graph]
  private let parameters: Parameters
  private let precision: ComputePrecision
  /// Whether a run for several images gives each of them its numbers, once that was asked.
  private let growsWithBatch = Locked<Bool?>(nil)
  private let whole: Graph

  private struct PlanKey: Hashable {
    let batch: Int
    let output: Output
  }
  private let plans = Locked<[PlanKey: Plan]>([:])

  /// - Parameters:
  ///   - preprocessing: its sides are those of the input where the file leaves them open.
  ///   - labels: how many there are, where the caller gives others than the model's.
  ///   - weights: where plans keep packed weights.
  ///   - precision: what plans multiply.
  package init(
    _ model: Model, preprocessing: Preprocessing, labels: Int?, weights: WeightStore,
    precision: ComputePrecision
  ) throws(ClassifierError) {
    self.weights = weights
    self.precision = precision
    do throws(GraphError) {
      whole = try model.graph.bound(to: preprocessing)
    } catch { throw ClassifierError(error) }
    do throws(RoleError) {
      roles = try ClassifierRoles(whole, of: model, preprocessing: preprocessing, labels: labels)
    } catch { throw ClassifierError(error) }
    do throws(GraphError) {
      var graphs: [Output: Graph] = [
        .probabilities: try roles.graph(whole, giving: .probabilities),
        .logits: try roles.graph(whole, giving: .logits),
      ]
      if let name = model.embedding, let value = whole.value(named: name) {
        graphs[.embedding] = try Self.graph(whole, giving: value)
      }
      hasEmbedding = graphs[.embedding] != nil
      self.graphs = graphs
    } catch { throw ClassifierError(error) }
    parameters = model.parameters
  }

  /// Images for the next run, of `count` that are left, at most `limit`: the file's number where it fixes one.
  package func batch(for count: Int, limit: Int) -> Int {
    if let fixed = roles.input.fixedBatch { return fixed }
    return count > 1 && grows ? min(count, limit) : 1
  }

  /// Whether the first axis of the network's output is that of the images.
  ///
  /// A file may leave the batch of its input open and yet give one row, such as by a reshape to 1×K.
  private var grows: Bool {
    if let known = growsWithBatch.withLock({ $0 }) { return known }
    let one = whole.fact(roles.output.value).shape
    let two = (try? whole.bound(batch: 2))?.fact(roles.output.value).shape
    let grows = two.map { $0.first == 2 && $0.elementCount == 2 * one.elementCount } ?? false
    growsWithBatch.withLock { $0 = grows }
    return grows
  }

  /// The plan for a batch size, made once.
  package func plan(batch: Int, _ output: Output) throws(GraphError) -> Plan {
    let key = PlanKey(batch: batch, output: output)
    if let plan = plans.withLock({ $0[key] }) { return plan }
    guard let graph = graphs[output] else { throw GraphError(.name, "the model names no embedding") }
    let plan = try Plan(
      roles.input.fixedBatch == nil ? graph.bound(batch: batch) : graph, parameters: parameters,
      weights: weights, precision: precision)
    return plans.withLock { plans in
      plans[key] = plans[key] ?? plan
      return plans[key] ?? plan
    }
  }

  /// The graph with one output, as float32.
  private static func graph(_ graph: Graph, giving value: ValueID) throws(GraphError) -> Graph {
    let builder = GraphBuilder(extending: graph)
    var last = builder.value(value)
    if last.fact.type != .float32 { last = try builder.add(Cast(to: .float32), last, name: "embedding") }
    try builder.output("result", last)
    return try DeadNodeRemoval().run(builder.graph)
  }
}
