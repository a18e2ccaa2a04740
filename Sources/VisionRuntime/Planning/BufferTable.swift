import VisionGraph
import VisionTensor

/// The buffers of a plan: pieces of memory, each with the first and last step that uses it.
struct BufferTable {
  enum Home {
    /// A place in the arena, to be found by `layout(steps:)`.
    case arena
    /// Memory outside the arena: weights and constants, variables, results.
    case elsewhere(Plan.Location)
    /// Bytes of another buffer, starting at `offset`.
    case slice(of: Int, offset: Int)
  }

  struct Buffer {
    var byteCount = 0
    var firstStep = 0
    var lastStep = 0
    var home = Home.arena
    /// Whether later steps never reuse it: inputs and outputs of a run, and memory outside the arena.
    var isPinned = false
    /// The distance in bytes between the parts of a batch, see `BatchParts`; zero for a value that is used
    /// within a part only.
    var partStride = 0

    var isInArena: Bool {
      if case .arena = home { true } else { false }
    }
  }

  private var buffers: [Buffer] = []

  subscript(index: Int) -> Buffer {
    get { buffers[index] }
    set { buffers[index] = newValue }
  }

  mutating func add(_ buffer: Buffer) -> Int {
    buffers.append(buffer)
    return buffers.count - 1
  }

  /// Memory that a step writes.
  mutating func add(byteCount: Int, at step: Int) -> Int {
    add(Buffer(byteCount: byteCount, firstStep: step, lastStep: step))
  }

  mutating func add(at location: Plan.Location) -> Int {
    add(Buffer(home: .elsewhere(location), isPinned: true))
  }

  /// Bytes of another buffer that a step writes.
  mutating func add(sliceOf whole: Int, offset: Int, at step: Int) -> Int {
    add(Buffer(firstStep: step, lastStep: step, home: .slice(of: whole, offset: offset)))
  }

  /// Keeps a buffer until a step.
  mutating func touch(_ buffer: Int, at step: Int) {
    buffers[buffer].lastStep = max(buffers[buffer].lastStep, step)
    if case .slice(let whole, _) = buffers[buffer].home { touch(whole, at: step) }
  }

  /// Marks a buffer as holding a value of the whole batch, of which each part of the batch has a slice.
  mutating func divide(_ buffer: Int, into parts: Int) {
    buffers[buffer].firstStep = 0
    buffers[buffer].partStride = buffers[buffer].byteCount / parts
  }

  /// Keeps pinned buffers until the last step, and finds a place for every buffer in the arena.
  mutating func layout(steps: Int) -> (offsets: [Int], byteCount: Int) {
    for index in buffers.indices where buffers[index].isPinned { buffers[index].lastStep = steps }
    return MemoryPlanner.layout(
      buffers.map {
        MemoryPlanner.Buffer(
          byteCount: $0.isInArena ? $0.byteCount : 0, firstStep: $0.firstStep, lastStep: $0.lastStep)
      })
  }

  func location(of buffer: Int, _ offsets: [Int]) -> Plan.Location {
    switch buffers[buffer].home {
    case .arena: .arena(offsets[buffer])
    case .elsewhere(let location): location
    case .slice(let whole, let offset): .arena(offsets[whole] + offset)
    }
  }
}
