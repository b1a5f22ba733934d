//! A live call as pure data: its events, its machine, the hand-over and the routing of agents.
