import Testing

@testable import VisionTensor

@Suite struct TensorSlotsTests {
  private static let specs = [
    TensorSpec(name: "input", shape: [.fixed(2), .fixed(3)]),
    TensorSpec(name: "boxes", shape: [.upTo(3), .fixed(4)], padding: -1),
    TensorSpec(name: "marks", type: .uint8, shape: [.fixed(2)], padding: 255),
    TensorSpec(name: "text", type: .int64, shape: [.upTo(5)], padding: 9),
  ]

  @Test func samplesLieBehindEachOtherAndCountsGoWithThem() {
    let rows = TensorRows(Self.specs, capacity: 2)
    #expect(rows.parts.map(\.spec.name) == ["input", "boxes", "marks", "text", "boxes.count", "text.count"])
    for row in 0..<2 {
      let slots = rows.slots(row)
      #expect(slots.specs == Self.specs)
      slots.floats(0).update(repeating: Float(row + 1))
      slots.floats(1)[0] = 7
      slots.setCount(1, row + 1)
      slots.fill(2)
      slots.bytes(2)[row] = 3
      let text = slots.integers(3)
      for place in 0...row { text[place] = Int64(place) }
      slots.setCount(3, 1 + row)
    }
    #expect(
      Array(rows.bytes(0, count: 2).bindMemory(to: Float.self)) == Array(repeating: 1, count: 6)
        + Array(repeating: 2, count: 6))
    #expect(
      Array(rows.bytes(1, row: 1).bindMemory(to: Float.self)) == [7] + [Float](repeating: -1, count: 11))
    #expect(Array(rows.bytes(2, count: 2)) == [3, 255, 255, 3])
    #expect(Array(rows.bytes(3, count: 2).bindMemory(to: Int64.self)) == [0, 9, 9, 9, 9, 0, 1, 9, 9, 9])
    #expect(Array(rows.bytes(4, count: 2).bindMemory(to: Int64.self)) == [1, 2])
    #expect(Array(rows.bytes(5, count: 2).bindMemory(to: Int64.self)) == [1, 2])
    // What is written anew is empty again, whatever there was.
    _ = rows.slots(1)
    #expect(Array(rows.bytes(1, row: 1).bindMemory(to: Float.self)) == [Float](repeating: -1, count: 12))
    #expect(rows.bytes(5, row: 1).load(as: Int64.self) == 0)
  }

  @Test func memoryOfOthersIsWrittenWhereItLies() throws {
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: 8)
    defer { memory.deallocate() }
    memory.initialize(repeating: 0, count: 8)
    let rows = TensorRows([TensorSpec(name: "x", shape: [.fixed(4)])], capacity: 2) { spec in
      #expect(spec.name == "x")
      return UnsafeMutableRawPointer(memory)
    }
    rows.slots(1).floats(0)[2] = 5
    #expect(memory[6] == 5)
  }

  @Test func specsThatDoNotGoTogetherAreToldApart() {
    func complaint(_ specs: TensorSpec...) -> String { TensorSpec.complaint(about: specs) ?? "" }
    #expect(TensorSpec.complaint(about: Self.specs) == nil)
    let boxes = Self.specs[1]
    #expect(complaint(boxes, boxes).contains("same name"))
    #expect(complaint(boxes, TensorSpec(name: "boxes.count", shape: [])).contains("same name"))
    #expect(complaint(TensorSpec(name: "x", shape: [.upTo(2), .upTo(3)])).contains("more than one axis"))
    #expect(complaint(TensorSpec(name: "x", shape: [.fixed(-1)])).contains("no tensor"))
    #expect(complaint(TensorSpec(name: "x", shape: [], mixing: .classes(3))).contains("one int64"))
    #expect(complaint(TensorSpec(name: "x", type: .int64, shape: [], mixing: .linear)).contains("averaged"))
    #expect(
      complaint(TensorSpec(name: "x", type: .float16, shape: [.upTo(2)], padding: 1)).contains("padded"))
  }
}
