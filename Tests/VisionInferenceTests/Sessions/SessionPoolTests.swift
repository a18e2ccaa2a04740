import Testing
import VisionCompute
import VisionGraph
import VisionModel
import VisionSystem
import VisionTensor

@testable import VisionInference

@Suite struct SessionPoolTests {
  private static let specs = [TensorSpec(name: "x", shape: [.fixed(3)])]

  /// Three numbers in, three times as much out, and their sum.
  private func graph(_ batch: AxisLength = .symbolic("N")) throws -> Graph {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [batch, .fixed(3)])
    let three = builder.constant(Tensor(scalar: Float(3)), name: "three")
    try builder.output("tripled", builder.add(Mul(), x, three))
    let axes = builder.constant(Tensor([Int64(1)]), name: "axes")
    try builder.output("sum", builder.add(ReduceSum(keepsDimensions: false), x, axes))
    return builder.graph
  }

  private func pool(_ graph: Graph, threads: Int = 1, idle: IdleSessions = IdleSessions()) -> SessionPool {
    SessionPool(graph, Parameters(), writing: Self.specs, on: Executor(threads: threads), idle: idle)
  }

  private func run(_ pool: SessionPool, _ count: Int, _ policy: BatchPolicy) throws -> [[Float]] {
    try pool.run(count, policy) { index, slots, _ in
      for (place, offset) in slots.floats(0).indices.enumerated() {
        slots.floats(0)[offset] = Float(10 * index + place)
      }
      return index * index
    } read: { index, square, outputs in
      #expect(square == index * index)
      #expect(outputs.count == 2 && outputs.shape(0) == [3] && outputs.shape(1) == [])
      return Array(outputs.floats(0)) + Array(outputs.floats(1))
    }
  }

  @Test(arguments: [BatchPolicy.one, .upTo(4), .upTo(16), .exactly(4), .exactly(1)], [1, 3])
  func samplesKeepTheirOrderAndTheirContext(policy: BatchPolicy, threads: Int) throws {
    let pool = pool(try graph(), threads: threads)
    for count in [0, 1, 2, 4, 9] {
      let expected = (0..<count).map { index in
        let x = (0..<3).map { Float(10 * index + $0) }
        return x.map { 3 * $0 } + [x.reduce(0, +)]
      }
      #expect(try run(pool, count, policy) == expected)
    }
  }

  @Test func thePolicyIsTheBatch() throws {
    let open = pool(try graph())
    #expect([1, 2, 30].map { open.batch(for: $0, .one) } == [1, 1, 1])
    #expect([1, 2, 30].map { open.batch(for: $0, .upTo(8)) } == [1, 2, 8])
    #expect([1, 2, 30].map { open.batch(for: $0, .exactly(8)) } == [8, 8, 8])
    let fixed = pool(try graph(.fixed(5)))
    #expect([1, 2, 30].map { fixed.batch(for: $0, .upTo(8)) } == [5, 5, 5])
    #expect(try run(fixed, 7, .one).map { $0[0] } == [0, 30, 60, 90, 120, 150, 180])
  }

  /// A network that gives one row whatever the batch is run for one sample at a time.
  @Test func networksThatDoNotGrowGetOneSampleARun() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.symbolic("N"), .fixed(3)])
    let axes = builder.constant(Tensor([Int64(0)]), name: "axes")
    try builder.output("sum", builder.add(ReduceSum(keepsDimensions: true), x, axes))
    let pool = pool(builder.graph)
    #expect(pool.batch(for: 9, .upTo(8)) == 1)
    let rows = try pool.run(3, .upTo(8)) { index, slots, _ in
      slots.floats(0).update(repeating: Float(index))
    } read: { _, _, outputs in
      Array(outputs.floats(0))
    }
    #expect(rows == [[0, 0, 0], [1, 1, 1], [2, 2, 2]])
  }

  /// Numbers of several samples in one row are shared out evenly, and nothing behind them is read.
  @Test func outputsWithoutAnAxisForSamplesAreSharedOut() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(2), .fixed(3)])
    let shape = builder.constant(Tensor([Int64(-1)]), name: "shape")
    try builder.output("flat", builder.add(Reshape(), x, shape))
    try builder.output("sum", builder.add(ReduceSum(keepsDimensions: false), x, nil))
    let rows = try pool(builder.graph).run(2, .one) { index, slots, _ in
      slots.floats(0).update(repeating: Float(index + 1))
    } read: { _, _, outputs in
      Array(outputs.floats(0)) + Array(outputs.floats(1))
    }
    #expect(rows == [[1, 1, 1], [2, 2, 2]])
  }

  private struct Refusal: Error, Equatable { let index: Int }

  @Test func anErrorEndsTheRunAndSpoilsNothing() throws {
    let pool = pool(try graph(), threads: 2)
    for isWriting in [true, false] {
      #expect(throws: Refusal(index: 5)) {
        _ = try pool.run(9, .upTo(4)) { index, slots, _ in
          slots.floats(0).update(repeating: 1)
          if isWriting, index == 5 { throw Refusal(index: index) }
        } read: { index, _, _ in
          if !isWriting, index == 5 { throw Refusal(index: index) }
        }
      }
    }
    #expect(try run(pool, 2, .upTo(4))[1][3] == 33)
  }

  @Test func inputsOfOtherShapesAreRefused() throws {
    let pool = SessionPool(
      try graph(), Parameters(), writing: [TensorSpec(name: "x", shape: [.fixed(4)])],
      on: Executor(threads: 1))
    #expect(throws: GraphError.self) { try pool.withSession(batch: 1) { _ in } }
    let other = SessionPool(
      try graph(), Parameters(), writing: [TensorSpec(name: "y", shape: [.fixed(3)])],
      on: Executor(threads: 1))
    #expect(throws: GraphError.self) { try other.withSession(batch: 1) { _ in } }
  }

  private final class Counted: Sendable {
    static let made = Locked(0)
    init() { Self.made.withLock { $0 += 1 } }
  }

  /// What a writer keeps stays with the session, and is counted and freed with it.
  @Test func writersKeepTheirMemory() throws {
    let idle = IdleSessions()
    let pool = pool(try graph(), idle: idle)
    let write: @Sendable (Int, borrowing TensorSlots, InputScratch) throws -> Void = { _, slots, scratch in
      _ = scratch.kept({ Counted() }, byteCount: { _ in 1 << 20 })
      slots.floats(0).update(repeating: 0)
    }
    for _ in 0..<3 { _ = try pool.run(1, .one, write: write) { _, _, _ in } }
    #expect(Counted.made.withLock { $0 } == 1)
    #expect(idle.byteCount > 1 << 20)
    pool.releaseMemory()
    #expect(idle.byteCount == 0)
    idle.limit = 0
    for _ in 0..<2 { _ = try pool.run(1, .one, write: write) { _, _, _ in } }
    #expect(Counted.made.withLock { $0 } == 3 && idle.byteCount == 0)
  }

  /// Networks that share what is idle do not take each other's memory.
  @Test func poolsThatShareIdleMemoryStayApart() throws {
    let idle = IdleSessions()
    let first = pool(try graph(), idle: idle)
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.symbolic("N"), .fixed(3)])
    try builder.output("negated", builder.add(Neg(), x))
    let second = pool(builder.graph, idle: idle)
    for _ in 0..<3 {
      #expect(try run(first, 1, .one) == [[0, 3, 6, 3]])
      let negated = try second.run(1, .one) { _, slots, _ in
        slots.floats(0).update(repeating: 4)
      } read: { _, _, outputs in
        Array(outputs.floats(0))
      }
      #expect(negated == [[-4, -4, -4]])
    }
  }
}
