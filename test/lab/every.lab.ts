// Every journey in one file: vitest runs the tests of one file side by side, and files one after another, where the last test of
// each would leave a core idle. The longest come first.
import './chains.lab.ts'
import './journeys.lab.ts'
import './devices.lab.ts'
