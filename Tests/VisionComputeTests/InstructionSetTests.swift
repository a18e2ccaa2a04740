import CVisionKernels
import Testing
import VisionCompute

@Suite struct InstructionSetTests {
  @Test func portableIsAlwaysThere() {
    #expect(InstructionSet.portable.isSupported)
    #expect(InstructionSet.supported.first == .portable)
    #expect(InstructionSet.supported.last == .best)
  }

  @Test(arguments: InstructionSet.allCases)
  func kernelsExistExactlyWhereSupported(_ set: InstructionSet) throws {
    #expect((set.kernels != nil) == set.isSupported)
    guard let kernels = set.kernels else { return }
    #expect(Int(vn_kernels_lanes(kernels)) == set.lanes)
    #expect(vn_kernels_isa(kernels).rawValue == UInt32(InstructionSet.allCases.firstIndex(of: set) ?? -1))
  }

  @Test(arguments: InstructionSet.allCases)
  func anExecutorFallsBackToWhatTheMachineHas(_ set: InstructionSet) {
    let executor = Executor(threads: 1, instructionSet: set)
    #expect(executor.instructionSet <= set)
    #expect(executor.instructionSet.isSupported)
  }
}
