import Testing
import VisionCompute
import VisionGraph
import VisionTensor

@testable import VisionRuntime

/// What each fusion pass writes into a draft.
@Suite struct FusionTests {
  private let builder = GraphBuilder()

  private func conv(
    _ x: Value, _ name: String, from inputs: Int, to outputs: Int, kernel: Int = 1, groups: Int = 1
  )
    throws -> Value
  {
    let shape: Shape = [outputs, inputs / groups, kernel, kernel]
    let w = try builder.parameter(name, shape: shape, initializer: .zeros)
    let pads = [Int](repeating: kernel / 2, count: 4)
    let window = Window(kernel: [kernel, kernel], padding: .explicit(pads))
    return try builder.add(Conv(window: window, groups: groups), [x, w], name: "\(name) conv")[0]
  }

  private func input(_ channels: Int, side: Int, batch: Int = 1) throws -> Value {
    try builder.input("x", dimensions: [batch, channels, side, side].map { .fixed($0) })
  }

  /// A draft of the graph, its weights frozen, after some passes.
  private func draft(_ passes: [any FusionPass], _ algorithm: ConvolutionAlgorithm = .automatic) throws
    -> StepDraft
  {
    let graph = try builder.graph.applying(Graph.inferencePasses)
    let isConstant = graph.values.map { if case .parameter = $0.source { true } else { false } }
    let machine = Machine(kernels: try #require(InstructionSet.best.kernels), convolutions: algorithm)
    var draft = StepDraft(graph, isConstant: isConstant)
    for pass in passes { pass.run(&draft, machine) }
    return draft
  }

  @Test func atFirstEachNodeIsAStep() throws {
    let y = try conv(builder.add(Neg(), input(3, side: 5)), "a", from: 3, to: 4)
    try builder.output("y", y)
    let draft = try draft([])
    #expect(draft.groups.map { $0?.nodes } == [[0], [1]])
    #expect(draft.isSingle(1) && draft.isApart(1) && draft.partCount == 1)
  }

  @Test func partsOfAConcatenationAreSlices() throws {
    let x = try input(3, side: 5)
    let parts = try [conv(x, "a", from: 3, to: 4), conv(x, "b", from: 3, to: 6)]
    try builder.output("y", builder.add(Neg(), builder.add(Concat(axis: 1), parts, name: "joined")[0]))
    let draft = try draft([ConcatenatedConvolutions()])
    let joined = try #require(draft.graph.nodes.firstIndex { $0.name == "joined" })
    let homes = draft.graph.nodes[joined].inputs.compactMap { $0 }.map { draft[$0].home }
    let whole = draft.result(of: joined)
    #expect(homes == [.slice(of: whole, channel: 0), .slice(of: whole, channel: 4)])
    #expect(draft.groups[joined]?.isAlias == true && draft[whole].home == .own)
    #expect(try self.draft([ConcatenatedConvolutions()], .im2col).groups[joined]?.isAlias == false)
  }

  /// What two nodes read, or the graph returns, is no slice.
  @Test func whatOthersReadIsNoSlice() throws {
    let x = try input(3, side: 5)
    let (a, b) = try (conv(x, "a", from: 3, to: 4), conv(x, "b", from: 3, to: 6))
    try builder.output("y", builder.add(Concat(axis: 1), a, b))
    try builder.output("z", builder.add(Neg(), a))
    let draft = try draft([ConcatenatedConvolutions()])
    #expect(draft.groups.allSatisfy { $0?.isAlias == false })
    #expect(draft.graph.values.indices.allSatisfy { draft[ValueID($0)].home == .own })
  }

  @Test func aChainIsOneGroup() throws {
    let x = try input(16, side: 56)
    let wide = try builder.add(Relu(), conv(x, "expand", from: 16, to: 96))
    let deep = try builder.add(Relu(), conv(wide, "depthwise", from: 96, to: 96, kernel: 3, groups: 96))
    try builder.output("y", conv(deep, "project", from: 96, to: 16))
    let draft = try draft([ConvolutionChains()])
    let groups = draft.groups.compactMap { $0?.nodes }
    #expect(groups.count < 3 && groups.flatMap { $0 } == [0, 1, 2])
    #expect(
      try self.draft([ConvolutionChains()], .direct).groups.compactMap { $0?.nodes } == [[0], [1], [2]])
  }

  /// Shapes of the draft's graph are those of a part; the result of the last node is whole.
  @Test func partsHaveTheExtentsOfAPart() throws {
    let wide = try conv(input(4, side: 96, batch: 8), "a", from: 4, to: 32)
    let y = try builder.add(GlobalAveragePool(), wide)
    try builder.output("y", builder.add(Flatten(), y))
    let draft = try draft([BatchParts()])
    #expect(draft.partCount == 2 && draft.partNodes == 2)
    let result = try #require(draft.partResult)
    #expect(draft.graph.fact(draft.graph.inputs[0]).shape == [4, 4, 96, 96])
    #expect(draft.whole.fact(draft.graph.inputs[0]).shape == [8, 4, 96, 96])
    #expect(draft.graph.fact(result).shape == [8, 32, 1, 1])
    #expect(draft.factOfResult(result).shape == [4, 32, 1, 1])
  }
}
