import VisionGraph
import VisionCompute
import VisionSystem
import VisionTensor

/// The memory that a plan runs in: the arena, the scratch of the kernels, and the threads.
///
/// A workspace has one owner. Running and filling it require exclusive access (`inout`), so that two tasks
/// cannot use it at the same time: it can be handed from task to task, but not shared. Each task that runs a
/// plan makes its own workspace.
// Checked by hand: the pointers lead to memory that this value alone owns and frees, and which only mutating calls write.
public struct Workspace: ~Copyable, @unchecked Sendable {
  private let plan: Plan
  let executor: Executor
  let kernels: OpaquePointer
  private let arena: UnsafeMutableRawPointer
  let scratch: UnsafeMutablePointer<Float>
  private let table: UnsafeMutablePointer<UnsafeMutableRawPointer>
  private let starts: UnsafeMutablePointer<Int>
  /// The number of pointers for one part of a batch.
  private let pointerCount: Int

  init(
    _ plan: Plan, _ executor: Executor, _ kernels: OpaquePointer,
    variables: UnsafeMutablePointer<Float>? = nil, results: UnsafeMutablePointer<Float>? = nil
  ) {
    self.kernels = kernels
    self.plan = plan
    self.executor = executor
    arena = Self.allocate(plan.arenaByteCount)
    let bytes = plan.scratchByteCount(threads: executor.threads)
    scratch = Self.allocate(bytes).bindMemory(to: Float.self, capacity: max(bytes / 4, 1))
    pointerCount = plan.steps.reduce(0) { $0 + $1.locations.count }
    table = .allocate(capacity: max(pointerCount * plan.partCount, 1))
    starts = .allocate(capacity: max(plan.steps.count, 1))
    var position = 0
    for (index, step) in plan.steps.enumerated() {
      (starts + index).initialize(to: position)
      for (location, stride) in zip(step.locations, step.strides) {
        let pointer =
          switch location {
          case .arena(let offset): arena + offset
          // Kernels only read what is frozen; the plan keeps the tensor alive.
          case .frozen(let tensor):
            UnsafeMutableRawPointer(mutating: tensor.storage.base + tensor.byteOffset)
          case .variable(let offset): Self.external(variables, offset)
          case .result(let offset): Self.external(results, offset)
          }
        for part in 0..<plan.partCount {
          (table + part * pointerCount + position).initialize(to: pointer + part * stride)
        }
        position += 1
      }
    }
  }

  deinit {
    arena.deallocate()
    UnsafeMutableRawPointer(scratch).deallocate()
    table.deallocate()
    starts.deallocate()
  }

  func pointers(ofStep index: Int, part: Int) -> UnsafePointer<UnsafeMutableRawPointer> {
    UnsafePointer(table + part * pointerCount + starts[index])
  }

  /// Whether the memory was laid out for `plan`, or a copy of it.
  func belongs(to plan: Plan) -> Bool { self.plan.identity === plan.identity }

  /// Bytes of the arena and the scratch.
  package var byteCount: Int { plan.workspaceByteCount(threads: executor.threads) }

  /// Calls `body` with the bytes of input `index`, to be filled before a run; runs do not change them.
  public mutating func withInput<Result>(
    _ index: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try body(inputBytes(index))
  }

  /// The bytes of input `index`, for an owner that fills several inputs at once and is used by one thread at
  /// a time.
  package func inputBytes(_ index: Int) -> UnsafeMutableRawBufferPointer {
    let port = plan.inputs[index]
    let count = port.fact.shape.elementCount * port.fact.type.byteCount
    return UnsafeMutableRawBufferPointer(start: arena + port.offset, count: count)
  }

  /// Calls `body` with the bytes of output `index` as the last run left them.
  public func withOutput<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows
    -> Result
  {
    let port = plan.outputs[index]
    let count = port.fact.shape.elementCount * port.fact.type.byteCount
    return try body(UnsafeRawBufferPointer(start: arena + port.offset, count: count))
  }

  private static func external(_ memory: UnsafeMutablePointer<Float>?, _ offset: Int)
    -> UnsafeMutableRawPointer
  {
    guard let memory else { preconditionFailure("the plan has variables, and no memory was given for them") }
    return UnsafeMutableRawPointer(memory) + offset
  }

  private static func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
    let size = max(byteCount, TensorStorage.alignment)
    let memory = MemoryPages.allocate(byteCount: size)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    return memory
  }
}
