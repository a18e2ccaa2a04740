public import VisionCompute
public import VisionGraph
import VisionSystem
public import VisionTensor

/// A graph compiled for one machine and one set of input shapes: kernels are chosen, and memory is laid out.
/// The weights are packed when the first workspace is made, by the workspace's threads.
///
/// A plan is immutable; any number of tasks may run it at once, each in its own workspace.
///
/// ```swift
/// let plan = try Plan(graph.bound(batch: 1), parameters: parameters)
/// var workspace = plan.makeWorkspace(for: Executor())
/// let outputs = try plan.run(["input": image], in: &workspace)
/// ```
public struct Plan: Sendable {
  /// Distinguishes a plan and its copies from other plans.
  final class Identity: Sendable {}

  /// One computation, with the buffers it reads and writes.
  struct Step: Sendable {
    let name: String
    let operatorName: String
    let kernelName: String
    let kernel: any Kernel
    /// Operands, then outputs.
    var locations: [Location] = []
    /// The distance in bytes between the parts of a batch, for each location.
    var strides: [Int] = []
    let flops: Int
    let isReference: Bool
    /// The operators that the step stands for.
    let parts: [String]
    /// The values that the kernel reads at run time, and those that it writes.
    let operands: [PlanValue]
    let results: [PlanValue]
    /// Whether the first result overwrites the first operand.
    let isInPlace: Bool
  }

  /// Where a buffer is.
  enum Location: Sendable {
    case arena(Int)
    case frozen(Tensor)
    /// Bytes from the start of the variables.
    case variable(Int)
    /// Bytes from the start of the results.
    case result(Int)
  }

  /// A graph input or output: its name, its fact, and its place in the arena.
  public struct Port: Sendable {
    public let name: String
    public let fact: Fact
    let offset: Int
  }

  let identity = Identity()
  let steps: [Step]
  /// The number of parts that the batch is computed in, one after the other.
  public let partCount: Int
  /// The number of steps, at the start of the plan, that are run for each part; the others are run for the
  /// whole batch.
  public let partSteps: Int
  /// The inputs in the order of the graph.
  public let inputs: [Port]
  /// The outputs in the order of the graph.
  public let outputs: [Port]
  /// The parameters that change between runs, in the order of the graph.
  let variables: [Variable]
  /// Bytes of the one block that holds all activations.
  public let arenaByteCount: Int
  /// The instruction set that the kernels were chosen for.
  public let instructionSet: InstructionSet
  /// Floating-point operations of one run.
  public let flops: Int
  /// Where the packed weights of the kernels are kept.
  private let weights: WeightStore
  /// Operators that were written as several nodes.
  let recognized: [String: Int]
  /// Nodes of the original graph.
  let nodeCount: Int
  /// Nodes whose output is a view of existing memory.
  let viewCount: Int

  /// The nodes that the slow reference operators compute; empty where every operator has a fast kernel.
  public var referenceNodes: [(node: String, operator: String)] {
    steps.filter(\.isReference).map { ($0.name, $0.operatorName) }
  }

  /// Compiles a graph.
  ///
  /// - Parameters:
  ///   - graph: bound to the wanted shapes.
  ///   - parameters: the weights; values that depend on them alone are computed now.
  ///   - weights: where packed weights are kept. Plans of one model share packed weights if they share the
  ///     store.
  ///   - instructionSet: the kernels to use; by default the best that the machine has.
  ///   - memoryLimit: the most bytes that activations, frozen values and reference operators may take
  ///     together; by default three quarters of the machine's memory.
  ///   - convolutions: how convolutions are computed.
  ///   - precision: the number format of the factors in convolutions and dense layers.
  /// - Throws: `GraphError` when a parameter is missing or does not fit, a constant computation fails, or the network
  ///   needs more memory than the limit (`tooLarge`). In that case the memory has not been allocated.
  public init(
    _ graph: Graph, parameters: Parameters, weights: WeightStore = WeightStore(),
    instructionSet: InstructionSet = .preferred, memoryLimit: Int? = nil,
    convolutions: ConvolutionAlgorithm = .automatic, precision: ComputePrecision = .float32
  ) throws(GraphError) {
    try self.init(
      graph, parameters: parameters,
      passes: Self.passes(convolutions) + precision.passes(instructionSet.kernels, convolutions) + [
        DenseFusion()
      ],
      variables: [], outlets: [:],
      weights: weights, instructionSet: instructionSet, memoryLimit: memoryLimit,
      convolutions: convolutions)
  }

  /// The plain algorithm takes any number of spatial axes; the others need images.
  private static func passes(_ convolutions: ConvolutionAlgorithm) -> [any Pass] {
    Graph.inferencePasses.filter { convolutions != .im2col || !($0 is PlanarConvolutions) }
  }

  /// Compiles a graph in which some parameters change between runs.
  ///
  /// - Parameters:
  ///   - passes: the passes that are applied to the graph first.
  ///   - variables: the names of float32 parameters that a workspace reads from the caller's memory.
  ///   - outlets: the names of outputs that are written to the caller's memory for results, each with the
  ///     name of a variable of the same type and shape. The output is written at that variable's offset and
  ///     in its layout.
  ///   - mergesGradients: whether one step computes the gradients of a convolution with respect to both input
  ///     and weights where that is possible; nil to do so only where it is faster.
  package init(
    _ graph: Graph, parameters: Parameters, passes: [any Pass], variables: [String],
    outlets: [String: String], weights: WeightStore = WeightStore(),
    instructionSet: InstructionSet = .preferred, memoryLimit: Int? = nil,
    convolutions: ConvolutionAlgorithm = .automatic, mergesGradients: Bool? = nil
  ) throws(GraphError) {
    try graph.check(parameters)
    let optimized = try graph.applying(passes + Self.merging(mergesGradients, instructionSet))
    var compiler = try PlanCompiler(
      optimized, parameters: parameters, weights: weights, instructionSet: instructionSet,
      variables: variables, outlets: outlets, memoryLimit: memoryLimit ?? MachineMemory.limit,
      convolutions: convolutions)
    try compiler.compile()
    var assembly = compiler.assembly
    let (offsets, byteCount) = assembly.buffers.layout(steps: assembly.steps.count)
    try assembly.checkMemory(arena: byteCount, limit: memoryLimit ?? MachineMemory.limit)
    func ports(_ names: [String], _ places: [(buffer: Int, fact: Fact)]) -> [Port] {
      zip(names, places).map { Port(name: $0, fact: $1.fact, offset: offsets[$1.buffer]) }
    }
    self.steps = assembly.placedSteps(offsets, partSteps: compiler.partSteps)
    self.partCount = assembly.draft.partCount
    self.partSteps = compiler.partSteps
    self.inputs = ports(graph.inputs.map { graph[$0].name }, compiler.inputs)
    self.outputs = ports(graph.outputs.map(\.name).filter { outlets[$0] == nil }, compiler.outputs)
    self.variables = compiler.variables
    self.arenaByteCount = byteCount
    self.instructionSet = instructionSet
    self.flops = graph.flops
    self.weights = weights
    self.recognized = optimized.recognized
    self.nodeCount = graph.nodes.count
    self.viewCount = compiler.viewCount
  }

  private static func merging(_ choice: Bool?, _ instructionSet: InstructionSet) -> [any Pass] {
    guard choice ?? true, let kernels = instructionSet.kernels else { return [] }
    // The pointer leads to constant memory.
    nonisolated(unsafe) let table = kernels
    return [
      GradientMerging { graph, node in
        ConvGradientsKernel.merges(node, in: graph, table, whereItPays: choice == nil)
      }
    ]
  }

  /// Memory to run the plan in, with the threads of `executor`, which first pack the weights that are not
  /// packed yet.
  public func makeWorkspace(for executor: Executor) -> Workspace {
    precondition(variables.isEmpty, "a plan with variables runs on memory of the caller's")
    weights.pack(on: executor)
    return Workspace(self, executor, kernels)
  }

  /// Memory to run a plan with variables in.
  ///
  /// - Parameters:
  ///   - variables: `variableFloats` floats, the variables in their layouts; only read.
  ///   - results: `variableFloats` floats, for the outputs that have outlets.
  package func makeWorkspace(
    for executor: Executor, variables: UnsafeMutablePointer<Float>, results: UnsafeMutablePointer<Float>
  ) -> Workspace {
    weights.pack(on: executor)
    return Workspace(self, executor, kernels, variables: variables, results: results)
  }

  private var kernels: OpaquePointer {
    guard let kernels = instructionSet.kernels else {
      preconditionFailure("a plan exists only for an instruction set that the machine has")
    }
    return kernels
  }

  /// Bytes of scratch memory that the kernels share on `threads` threads.
  package func scratchByteCount(threads: Int) -> Int {
    4 * (steps.map { $0.kernel.scratchFloats(kernels: kernels, threads: threads) }.max() ?? 0)
  }

  /// Bytes of a workspace for `threads` threads.
  package func workspaceByteCount(threads: Int) -> Int { arenaByteCount + scratchByteCount(threads: threads) }

  /// Runs once on the inputs in the workspace and leaves the outputs there. Allocates nothing.
  ///
  /// - Parameter workspace: one that this plan made.
  /// - Throws: `GraphError`: `workspace` when another plan made the workspace, `evaluation` when an
  ///   operator's data are wrong, such as an index out of range.
  public func run(in workspace: inout Workspace) throws(GraphError) {
    try check(workspace)
    for part in 0..<partCount {
      for index in 0..<partSteps { try runStep(index, part: part, in: workspace) }
    }
    for index in partSteps..<steps.count { try runStep(index, in: workspace) }
  }

  /// Throws if the memory was laid out for another plan.
  func check(_ workspace: borrowing Workspace) throws(GraphError) {
    guard workspace.belongs(to: self) else {
      throw GraphError(
        .workspace, "the workspace was made by another plan, whose memory is laid out differently",
        remedy: "run a plan in a workspace that its own makeWorkspace(for:) made")
    }
  }

  /// Runs one step; a step that is run for each part of the batch, on part `part`. The workspace must be the
  /// plan's.
  func runStep(_ index: Int, part: Int = 0, in workspace: borrowing Workspace) throws(GraphError) {
    let context = KernelContext(
      pointers: workspace.pointers(ofStep: index, part: part), scratch: workspace.scratch,
      kernels: workspace.kernels, pool: workspace.executor.pool)
    do {
      try steps[index].kernel.run(context)
    } catch {
      throw GraphError(.evaluation, error.message, place: steps[index].name)
    }
  }

  /// Runs once on tensors by name.
  ///
  /// - Parameters:
  ///   - tensors: one for each input.
  ///   - workspace: one that this plan made.
  /// - Throws: `GraphError` when an input is missing or does not fit, the workspace is another plan's, or a computation
  ///   fails.
  public func run(_ tensors: [String: Tensor], in workspace: inout Workspace) throws(GraphError)
    -> [String: Tensor]
  {
    try check(workspace)
    for (index, port) in inputs.enumerated() {
      guard let tensor = tensors[port.name] else {
        throw GraphError(.input, "input '\(port.name)' (\(port.fact)) is missing", place: port.name)
      }
      guard tensor.elementType == port.fact.type, tensor.shape == port.fact.shape else {
        throw GraphError(
          .input, "input '\(port.name)' is \(tensor), but the network wants \(port.fact)", place: port.name)
      }
      tensor.withUnsafeBytes { bytes in workspace.withInput(index) { $0.copyMemory(from: bytes) } }
    }
    try run(in: &workspace)
    var results: [String: Tensor] = [:]
    for (index, port) in outputs.enumerated() {
      results[port.name] = Tensor(elementType: port.fact.type, shape: port.fact.shape) { target in
        workspace.withOutput(index) { target.copyMemory(from: $0) }
      }
    }
    return results
  }

  /// Runs once on tensors by name, in temporary memory.
  ///
  /// - Throws: `GraphError` when an input is missing or does not fit, or a computation fails.
  public func run(_ tensors: [String: Tensor], on executor: Executor) throws(GraphError) -> [String: Tensor] {
    var workspace = makeWorkspace(for: executor)
    return try run(tensors, in: &workspace)
  }
}
