import VisionGraph
import VisionTensor

/// The steps of a plan while it is compiled, and the places of the values that they read and write.
struct StepAssembly {
  /// The buffer that holds a value in a layout.
  private struct Place {
    var buffer: Int
    var layout: Layout
  }

  let draft: StepDraft
  let kernels: OpaquePointer
  var constants: PlanConstants
  var buffers = BufferTable()
  private(set) var steps: [PendingStep] = []
  /// The places of every value; the first is where it was computed.
  private var places: [[Place]]

  init(_ draft: StepDraft, constants: PlanConstants, kernels: OpaquePointer) {
    self.draft = draft
    self.constants = constants
    self.kernels = kernels
    places = [[Place]](repeating: [], count: draft.graph.values.count)
  }

  /// Appends a step; its buffers are in use at least until then.
  mutating func append(_ step: PendingStep) {
    for buffer in step.buffers { buffers.touch(buffer, at: steps.count) }
    steps.append(step)
  }

  /// Appends a copy or a conversion of a value from one buffer to another.
  mutating func append(
    _ kernel: any Kernel, name: String, _ kind: String, from source: Int, to target: Int, operand: PlanValue,
    result: PlanValue
  ) {
    let step = Plan.Step(
      name: name, operatorName: kind, kernelName: kind.lowercased(), kernel: kernel, flops: 0,
      isReference: false, parts: [kind], operands: [operand], results: [result], isInPlace: false)
    append(PendingStep(step: step, buffers: [source, target]))
  }

  // MARK: Buffers

  /// Memory for a value that the next step writes.
  mutating func addBuffer(_ fact: Fact, in layout: Layout = .rowMajor) -> Int {
    if case .filters(let groups) = layout, fact.shape.rank == 4 {
      return addBuffer(floats: FilterConversion.floats(fact.shape, groups: groups, kernels))
    }
    return buffers.add(byteCount: fact.shape.elementCount * fact.type.byteCount, at: steps.count)
  }

  mutating func addBuffer(floats: Int) -> Int { buffers.add(byteCount: floats * 4, at: steps.count) }

  /// Memory for a value that the next step writes, as a fusion pass has decided; nil where no pass has.
  mutating func addBuffer(asDrafted value: ValueID) -> Int? {
    let (storage, fact) = (draft[value], draft.graph.fact(value))
    switch storage.home {
    case .nowhere: return addBuffer(floats: 0)
    case .slice(let whole, let channel):
      if places[whole.index].isEmpty {
        put(whole, in: addBuffer(draft.graph.fact(whole), in: .channelsLast), .channelsLast)
      }
      return buffers.add(sliceOf: places[whole.index][0].buffer, offset: channel * 4, at: steps.count)
    case .own:
      guard let pitch = storage.pitch, let image = fact.image else { return nil }
      return addBuffer(floats: image.n * image.h * image.w * pitch)
    }
  }

  /// Whether nothing will read `buffer` after the next step, under any name, and it has the size of `fact`.
  func canOverwrite(_ buffer: Int, by fact: Fact) -> Bool {
    let size = fact.shape.elementCount * fact.type.byteCount
    guard !buffers[buffer].isPinned, buffers[buffer].byteCount == size else { return false }
    for (index, places) in places.enumerated() where constants.remainingUses[index] > 0 {
      if places.contains(where: { $0.buffer == buffer }) { return false }
    }
    return true
  }

  // MARK: Places

  /// Records that a value is computed in a buffer.
  mutating func put(_ value: ValueID, in buffer: Int, _ layout: Layout) {
    places[value.index] = [Place(buffer: buffer, layout: layout)]
  }

  /// The buffer where a value was computed.
  func origin(of value: ValueID) -> Int { places[value.index][0].buffer }

  /// The layout in which a value was computed.
  func layout(of value: ValueID) -> Layout {
    constants.isConstant[value.index] ? .rowMajor : places[value.index].first?.layout ?? .rowMajor
  }

  /// The buffer that holds `value` in `layout`, after a conversion if need be.
  mutating func place(of value: ValueID, in layout: Layout) -> Int {
    if let place = places[value.index].first(where: { $0.layout == layout }) { return place.buffer }
    let buffer = constants[value].map { freeze($0, in: layout) } ?? convert(value, to: layout)
    places[value.index].append(Place(buffer: buffer, layout: layout))
    return buffer
  }

  private mutating func freeze(_ tensor: Tensor, in layout: Layout) -> Int {
    let stored =
      switch layout {
      case .rowMajor: tensor.aligned
      case .channelsLast: LayoutConversion.channelsLast(tensor)
      case .filters(let groups): FilterConversion.packed(tensor, groups: groups, kernels)
      }
    return buffers.add(at: .frozen(stored))
  }

  private mutating func convert(_ value: ValueID, to layout: Layout) -> Int {
    let fact = draft.graph.fact(value)
    var source = places[value.index][0]
    if source.layout.isPacked || layout.isPacked, source.layout != .rowMajor, layout != .rowMajor {
      // Convert by way of the row-major layout.
      source = Place(buffer: place(of: value, in: .rowMajor), layout: .rowMajor)
    }
    let kernel: any Kernel
    switch (source.layout, layout) {
    case (_, .filters(let groups)): kernel = FilterConversion(fact.shape, groups: groups, packs: true)
    case (.filters(let groups), _): kernel = FilterConversion(fact.shape, groups: groups, packs: false)
    default:
      if LayoutConversion.isFree(fact.shape) { return source.buffer }
      kernel = LayoutConversion(fact.shape, from: source.layout, type: fact.type)
    }
    let target = addBuffer(fact, in: layout)
    let whole = draft.whole.fact(value)
    append(
      kernel, name: draft.graph[value].name, "Layout", from: source.buffer, to: target,
      operand: PlanValue(whole, in: source.layout), result: PlanValue(whole, in: layout))
    return target
  }

  // MARK: Finished steps

  /// Throws if the plan needs more memory than `limit`, before any of it is allocated.
  func checkMemory(arena: Int, limit: Int) throws(GraphError) {
    let fixed = GraphLimits.sum(arena, constants.byteCount)
    guard fixed <= limit else { throw .memory(fixed, limit: limit) }
    for step in steps where step.step.isReference {
      let needed = GraphLimits.sum(fixed, step.referenceBytes)
      guard needed <= limit else { throw .memory(needed, limit: limit, place: step.step.name) }
    }
    for step in steps {
      let scratch = step.step.kernel.scratchFloats(kernels: kernels, threads: 1)
      let needed = GraphLimits.sum(fixed, GraphLimits.product(scratch, 4))
      guard needed <= limit else { throw .memory(needed, limit: limit, place: step.step.name) }
    }
  }

  /// The steps with their places in the arena; the first `partSteps` are run for each part of the batch.
  func placedSteps(_ offsets: [Int], partSteps: Int) -> [Plan.Step] {
    steps.enumerated().map { $1.placed(in: buffers, offsets, isInParts: $0 < partSteps) }
  }
}
