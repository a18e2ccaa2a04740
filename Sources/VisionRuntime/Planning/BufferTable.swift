import VisionGraph
import VisionTensor

/// The buffers of a plan: pieces of memory, and from which step to which each is in use.
struct BufferTable {
  enum Home {
    /// A place in the arena, which is yet to be found.
    case arena
    /// What does not live in the arena: weights and constants, variables, results.
    case elsewhere(Plan.Location)
    /// Bytes of another buffer, from `offset` on.
    case slice(of: Int, offset: Int)
  }

  struct Buffer {
    var byteCount = 0
    var firstStep = 0
    var lastStep = 0
    var home = Home.arena
    /// Whether it is never overwritten: what goes into a run and comes out of it, and what does not live in the arena.
    var isPinned = false
    /// Bytes from part to part of a batch, see `BatchParts`; zero for what lasts no longer than a part.
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

  /// Says that a buffer holds something for the whole batch, of which each part computes its own.
  mutating func divide(_ buffer: Int, into parts: Int) {
    buffers[buffer].firstStep = 0
    buffers[buffer].partStride = buffers[buffer].byteCount / parts
  }

  /// Keeps what is pinned until the last step, and finds a place for everything in the arena.
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
